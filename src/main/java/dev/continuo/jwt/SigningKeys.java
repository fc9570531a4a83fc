package dev.continuo.jwt;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The keys that the issuer publishes. They are asked for again after {@link #FRESH}, and when a token names one that is not
 * among them; what could not be renewed for {@link #USABLE} is not believed any more. Nobody makes this node ask more often
 * than every {@link #REST}.
 */
@Singleton
class SigningKeys {
    static final Duration FRESH = Duration.ofMinutes(5);
    static final Duration USABLE = Duration.ofMinutes(10);
    static final Duration REST = Duration.ofSeconds(5);

    private static final System.Logger LOG = System.getLogger(SigningKeys.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int LONGEST = 1024 * 1024;
    private static final int SHORTEST_RSA = 2048;

    private final TokenSettings settings;
    private final Clock clock;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final ReentrantLock asking = new ReentrantLock();
    private volatile Held held = new Held(new JWKSet(), Instant.MIN);
    private volatile Instant asked = Instant.MIN;

    private record Held(JWKSet set, Instant since) {}

    /** Nobody knows today's keys. */
    static final class Unavailable extends Exception {
        Unavailable(String why) {
            super(why);
        }
    }

    @Inject
    SigningKeys(TokenSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** Those that may have signed what has this header; none where the issuer has none such. */
    List<JWK> of(JWSHeader header) throws Unavailable {
        var now = clock.instant();
        var known = held;
        var found = matching(header, known.set());
        if (found.isEmpty() || !younger(known.since(), FRESH, now)) {
            renew(known, now);
            known = held;
            found = matching(header, known.set());
        }
        if (!younger(known.since(), USABLE, now)) {
            throw new Unavailable("the issuer's keys could not be had since " + known.since());
        }
        return found;
    }

    /** Whoever comes while another one asks waits for that answer. */
    private void renew(Held before, Instant now) {
        asking.lock();
        try {
            if (held != before || younger(asked, REST, now)) {
                return;
            }
            asked = now;
            held = new Held(JWKSet.parse(get(address())), now);
        } catch (IOException | ParseException | IllegalArgumentException e) {
            LOG.log(
                    Level.WARNING,
                    "the keys of {0} cannot be had ({1}); in {2} no token of it is taken any more",
                    settings.issuer().orElse("?"),
                    e.toString(),
                    USABLE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            asking.unlock();
        }
    }

    private URI address() throws IOException, InterruptedException, ParseException {
        if (settings.keys().isPresent()) {
            return settings.keys().get();
        }
        var issuer = settings.issuer().orElseThrow();
        var about = JSONObjectUtils.parse(
                get(URI.create(issuer.replaceFirst("/$", "") + "/.well-known/openid-configuration")));
        if (!issuer.equals(about.get("issuer"))) {
            throw new IOException("what is at the issuer's address calls itself " + about.get("issuer"));
        }
        return TokenSettings.checked("jwks_uri", String.valueOf(about.get("jwks_uri")));
    }

    private String get(URI address) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(address).timeout(PATIENCE).build();
        var response = http.send(request, BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            if (response.statusCode() != 200) {
                throw new IOException(address + " answers " + response.statusCode());
            }
            return new String(body.readNBytes(LONGEST), StandardCharsets.UTF_8);
        }
    }

    private static List<JWK> matching(JWSHeader header, JWKSet set) {
        return new JWKSelector(JWKMatcher.forJWSHeader(header))
                .select(set).stream().filter(SigningKeys::isStrong).toList();
    }

    private static boolean isStrong(JWK key) {
        return key instanceof AsymmetricJWK && (!(key instanceof RSAKey) || key.size() >= SHORTEST_RSA);
    }

    private static boolean younger(Instant than, Duration age, Instant now) {
        return than.isAfter(now.minus(age));
    }
}
