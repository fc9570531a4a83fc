package dev.continuo.run;

import java.time.Duration;
import java.util.Optional;

/**
 * The figures that all nodes must agree on. Their authority is the one row of {@code settings}: every renewal brings them
 * back, and a change there is followed without a restart.
 *
 * @param lease how long a node may act on its claims after a renewal was sent
 * @param renewal how often it renews
 * @param probeAge how old a renewal must be before a free lock means death
 * @param reapScan how often each node looks for orphans, give or take 30 %
 */
public record Cadence(Duration lease, Duration renewal, Duration probeAge, Duration reapScan) {
    private static final Duration SHORTEST = Duration.ofMillis(50);

    public Cadence {
        renewal = atLeastShortest(renewal);
        reapScan = atLeastShortest(reapScan);
    }

    /** A row that somebody got wrong must not become a busy loop. */
    private static Duration atLeastShortest(Duration given) {
        return given.compareTo(SHORTEST) < 0 ? SHORTEST : given;
    }

    /** A sentence for the log where these figures would let healthy nodes be taken for dead. */
    public Optional<String> objection() {
        if (renewal.multipliedBy(3).compareTo(lease) > 0) {
            return Optional.of("settings.lease is " + lease + ": make it at least three times settings.renewal ("
                    + renewal + "), or one lost packet costs a node its runs");
        }
        if (probeAge.compareTo(renewal) <= 0) {
            return Optional.of("settings.probe_age is " + probeAge + ": make it longer than settings.renewal ("
                    + renewal + "), or a node whose session was cut is taken for dead before it can open another");
        }
        return Optional.empty();
    }
}
