package dev.continuo.execution;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Exponential back-off with full jitter, 0.5 s to 60 s; a provider's own Retry-After is a floor, up to five minutes.
 * Source of the jitter: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
final class BackOff {
    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Duration LONGEST_ASKED = Duration.ofMinutes(5);

    private final RandomGenerator random;

    BackOff(RandomGenerator random) {
        this.random = random;
    }

    /** @param tries how often this was waited for already, 0.. */
    Duration delay(int tries, Optional<Duration> retryAfter) {
        long ceiling = Math.min(LONGEST.toMillis(), FIRST.toMillis() << Math.min(tries, 20));
        var jittered = jittered(Duration.ofMillis(ceiling));
        var asked = retryAfter.orElse(Duration.ZERO);
        var floor = asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked;
        return jittered.compareTo(floor) < 0 ? floor.plus(jittered.dividedBy(4)) : jittered;
    }

    /** From half of it on. */
    Duration jittered(Duration atMost) {
        return Duration.ofMillis(random.nextLong(atMost.toMillis() / 2, atMost.toMillis() + 1));
    }
}
