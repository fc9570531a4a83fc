package dev.continuo.identity;

import dev.continuo.web.Problem;
import java.time.Duration;

/** The ways to say no to a credential. One answer for unknown, expired and revoked: which it was is nobody's business. */
final class Refusals {
    static final String HOW =
            "Send the header 'Authorization: Bearer ck_…' with a key that is neither expired nor revoked.";

    private Refusals() {}

    static Problem missing() {
        return Problem.of(401, "unauthenticated", HOW);
    }

    static Problem badKey() {
        return Problem.of(401, "bad_key", "This key is unknown, expired or revoked. " + HOW);
    }

    /** One answer for forged, expired and meant for others. */
    static Problem badToken() {
        return Problem.of(
                401,
                "bad_token",
                "This is neither a key nor a good token of the issuer whose tokens are taken here, for this audience, "
                        + "with an expiry that is still to come. Get a new one.");
    }

    /** Not 401: whoever hears that throws a good token away. */
    static Problem issuerAway() {
        return Problem.of(
                        503,
                        "issuer_unavailable",
                        "The keys of the token's issuer cannot be had right now, so no token is taken. Try again after "
                                + "as long as Retry-After says.")
                .retryAfter(Duration.ofSeconds(5));
    }

    static Problem badTicket() {
        return Problem.of(
                401,
                "bad_ticket",
                "This ticket is unknown, used, over, or for another stream. Get a new one from POST /api/tickets; "
                        + "it opens its stream within 30 s, and reconnects that send Last-Event-ID.");
    }

    static Problem inUrl() {
        return Problem.of(
                400,
                "credentials_in_url",
                "A key in an URL ends in logs: revoke it. Send it in the Authorization header, or use a ticket.");
    }
}
