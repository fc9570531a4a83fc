package dev.continuo.model;

import dev.continuo.model.ModelException.Kind;
import dev.continuo.node.Stopwatch;
import dev.continuo.web.Limits;
import dev.continuo.web.TokenBuckets;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * In front of each credential: a token bucket, so that one organisation's haste costs it no account, and a breaker. Both
 * are this node's own. Whoever is sent away is {@link Kind#RATE_LIMITED} or {@link Kind#UNAVAILABLE} and comes again.
 */
@Singleton
final class Turnstile {
    private static final int REMEMBERED = 10_000;

    private final TokenBuckets buckets;
    private final Stopwatch stopwatch;
    private final Map<UUID, Breaker> breakers = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Breaker> eldest) {
            return size() > REMEMBERED;
        }
    };

    @Inject
    Turnstile(
            @ConfigProperty(name = "continuo.providers.calls-rate") double rate,
            @ConfigProperty(name = "continuo.providers.calls-burst") int burst,
            Clock clock,
            Stopwatch stopwatch) {
        this.buckets = new TokenBuckets(new Limits.Rate(rate, burst), clock);
        this.stopwatch = stopwatch;
    }

    /** The passage through both, under an organisation's credential. */
    Passage before(Passage passage, UUID credential) {
        var behind = breakerBefore(passage, credential);
        return (request, call, atMost) -> {
            buckets.take(credential.toString()).ifPresent(wait -> {
                throw new Failure(
                        Kind.RATE_LIMITED,
                        "rate_limited",
                        "the calls per second of this credential are used up",
                        Optional.of(wait),
                        null);
            });
            return behind.open(request, call, atMost);
        };
    }

    /** Without a bucket: the operator's own credential. */
    Passage breakerBefore(Passage passage, UUID credential) {
        var breaker = breaker(credential);
        return (request, call, atMost) -> {
            if (!breaker.admits()) {
                throw new Failure(
                        Kind.UNAVAILABLE,
                        "provider_unavailable",
                        "the provider failed so often that it is left alone",
                        Optional.of(Breaker.PAUSE),
                        null);
            }
            try {
                var response = passage.open(request, call, atMost);
                breaker.succeeded();
                return response;
            } catch (ConnectException | UnknownHostException | ProviderDoor.ServerError e) {
                breaker.failed();
                throw e;
            }
        };
    }

    private Breaker breaker(UUID credential) {
        synchronized (breakers) {
            return breakers.computeIfAbsent(credential, _ -> new Breaker(stopwatch));
        }
    }
}
