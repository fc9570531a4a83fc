package dev.continuo.metrics;

import dev.continuo.run.RunState;
import dev.continuo.sql.Keys;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/** How many unfinished runs of the cluster are in which state, as of at most a few seconds ago. */
@Singleton
class RunCounts {
    private static final Duration KEPT = Duration.ofSeconds(5);

    private final Jdbi jdbi;
    private final Clock clock;
    private Instant until = Instant.MIN;
    private Map<RunState, Long> counts = Map.of();

    @Inject
    RunCounts(Jdbi jdbi, Clock clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    /** -1 where the database does not say. */
    synchronized long in(RunState state) {
        var now = clock.instant();
        if (now.isAfter(until)) {
            counts = read();
            until = now.plus(KEPT);
        }
        return counts.isEmpty() ? -1 : counts.getOrDefault(state, 0L);
    }

    private Map<RunState, Long> read() {
        try {
            var read = new EnumMap<RunState, Long>(RunState.class);
            for (var state : RunState.values()) {
                read.put(state, 0L);
            }
            jdbi.useHandle(h -> h.createQuery(
                            "select state, count(*) as n from runs where finished_at is null and thread_id >= :least group by state")
                    .bind("least", Keys.LEAST)
                    .map((r, c) -> read.put(RunState.valueOf(r.getString("state")), r.getLong("n")))
                    .list());
            return read;
        } catch (JdbiException e) {
            return Map.of();
        }
    }
}
