package dev.continuo.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Says whether a token is the issuer's, for us, and of now. */
@Singleton
public class Tokens {
    /** How far the issuer's clock may be from ours. */
    static final Duration SKEW = Duration.ofSeconds(30);

    /** An ID token has its client as its audience, so it is no access token of ours, whatever its type says. */
    private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

    private static final int LONGEST = 8192;

    private final TokenSettings settings;
    private final SigningKeys keys;
    private final Clock clock;

    @Inject
    Tokens(TokenSettings settings, SigningKeys keys, Clock clock) {
        this.settings = settings;
        this.keys = keys;
        this.clock = clock;
    }

    /** Whether tokens are taken at all. */
    public boolean taken() {
        return settings.issuer().isPresent();
    }

    /** Of everything that costs little first, so that garbage asks nobody for keys. */
    public Verdict judge(String text) {
        if (!taken() || text.length() > LONGEST) {
            return new Verdict.Bad("not taken, or too long");
        }
        try {
            var token = SignedJWT.parse(text);
            var claims = token.getJWTClaimsSet();
            return wrongHeader(token.getHeader())
                    .or(() -> wrongClaims(claims))
                    .<Verdict>map(Verdict.Bad::new)
                    .orElseGet(() -> signed(token, claims));
        } catch (ParseException | IllegalArgumentException e) {
            return new Verdict.Bad("no signed token");
        }
    }

    private Optional<String> wrongHeader(JWSHeader header) {
        if (!settings.allows(header.getAlgorithm())) {
            return Optional.of("algorithm");
        }
        if (header.getCriticalParams() != null || !header.isBase64URLEncodePayload()) {
            return Optional.of("critical parameters");
        }
        var type = header.getType();
        return type == null || TYPES.contains(type.getType().toLowerCase(Locale.ROOT))
                ? Optional.empty()
                : Optional.of("type");
    }

    private Optional<String> wrongClaims(JWTClaimsSet claims) {
        var now = clock.instant();
        if (!settings.issuer().get().equals(claims.getIssuer())) {
            return Optional.of("issuer");
        }
        if (!claims.getAudience().contains(settings.audience())) {
            return Optional.of("audience");
        }
        if (claims.getExpirationTime() == null
                || !now.isBefore(instant(claims.getExpirationTime()).plus(SKEW))) {
            return Optional.of("expired, or never to expire");
        }
        if (later(claims.getNotBeforeTime(), now) || later(claims.getIssueTime(), now)) {
            return Optional.of("not yet");
        }
        return Optional.empty();
    }

    private Verdict signed(SignedJWT token, JWTClaimsSet claims) {
        try {
            for (var key : keys.of(token.getHeader())) {
                if (verifies(token, key)) {
                    return new Verdict.Good(
                            withoutNulls(claims),
                            instant(claims.getExpirationTime()).plus(SKEW));
                }
            }
            return new Verdict.Bad("signature");
        } catch (SigningKeys.Unavailable e) {
            return new Verdict.Unjudged(e.getMessage());
        }
    }

    private static boolean verifies(SignedJWT token, JWK key) {
        try {
            var verifier = new DefaultJWSVerifierFactory()
                    .createJWSVerifier(token.getHeader(), ((AsymmetricJWK) key).toPublicKey());
            return token.verify(verifier);
        } catch (JOSEException e) {
            return false;
        }
    }

    private static java.util.Map<String, Object> withoutNulls(JWTClaimsSet claims) {
        var all = new java.util.HashMap<>(claims.getClaims());
        all.values().removeIf(java.util.Objects::isNull);
        return all;
    }

    private static boolean later(Date at, Instant now) {
        return at != null && instant(at).isAfter(now.plus(SKEW));
    }

    private static Instant instant(Date date) {
        return date.toInstant();
    }
}
