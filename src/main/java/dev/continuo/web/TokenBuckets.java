package dev.continuo.web;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** One token bucket per key, kept only while it is not full. Never blocks; forgets the idle ones by itself. */
public final class TokenBuckets {
    private static final int SWEEP_AT = 10_000;

    private record Bucket(double tokens, long at) {}

    private final Limits.Rate rate;
    private final InstantSource clock;
    private final ConcurrentHashMap<String, Bucket> buckets = new ConcurrentHashMap<>();

    public TokenBuckets(Limits.Rate rate, InstantSource clock) {
        this.rate = rate;
        this.clock = clock;
    }

    /** Takes one token; where there is none, says how long until there is one again. */
    public Optional<Duration> take(String key) {
        long now = clock.millis();
        if (buckets.size() > SWEEP_AT) {
            buckets.values().removeIf(b -> filled(b, now) >= rate.burst());
        }
        var wait = new Duration[1];
        buckets.compute(key, (k, old) -> {
            double tokens = old == null ? rate.burst() : filled(old, now);
            if (tokens < 1) {
                wait[0] = Duration.ofMillis((long) Math.ceil((1 - tokens) / rate.perSecond() * 1000));
                return new Bucket(tokens, now);
            }
            return new Bucket(tokens - 1, now);
        });
        return Optional.ofNullable(wait[0]);
    }

    private double filled(Bucket b, long now) {
        return Math.min(rate.burst(), b.tokens() + Math.max(0, now - b.at()) / 1000.0 * rate.perSecond());
    }
}
