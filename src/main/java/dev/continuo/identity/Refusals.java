package dev.continuo.identity;

import dev.continuo.web.Problem;

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
