package dev.continuo.attach;

import dev.continuo.live.LiveLog;
import dev.continuo.log.Known;
import dev.continuo.stats.Stats;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The runs this node reads for its watchers, one {@link Tail} per run and visibility. A tail begins with its first
 * reader and ends a moment after its last one, together with its subscription.
 */
@Singleton
public final class Tails {
    private static final Duration RESYNC_GAP = Duration.ofMillis(200);

    private final Sources sources;
    private final Map<Key, Tail> tails = new ConcurrentHashMap<>();

    @Inject
    public Tails(LiveLog live, StoredRuns stored, Stats stats) {
        this(new Sources(live, stored, stats, RESYNC_GAP));
    }

    Tails(Sources sources) {
        this.sources = sources;
    }

    /** Never blocks and never fails: where storage is away, the reader has nothing to say until it is back. */
    public TailReader read(UUID thread, UUID run, Visibility visibility, From from, Signal signal) {
        var tail = tails.compute(new Key(run, visibility), (k, t) -> {
            var joined = t == null ? open(thread, k) : t;
            joined.join(signal);
            return joined;
        });
        return new TailReader(tail, from, signal);
    }

    private Tail open(UUID thread, Key key) {
        sources.stats().tails().increment();
        return new Tail(thread, key.run(), key.visibility(), sources);
    }

    /** A hint: something about the thread's run in flight has changed. */
    void hurry(UUID thread) {
        for (var tail : tails.values()) {
            if (tail.thread().equals(thread)) {
                tail.hurry();
            }
        }
    }

    /** R6: one query for all runs that are watched, and not over yet. */
    void compare() {
        var open = tails.values().stream().filter(t -> !t.over()).toList();
        if (open.isEmpty()) {
            return;
        }
        Map<UUID, Known> known =
                sources.stored().known(open.stream().map(Tail::run).collect(Collectors.toSet()));
        for (var tail : open) {
            var k = known.get(tail.run());
            if (k == null) {
                tail.hurry();
            } else {
                tail.compare(k);
            }
        }
    }

    /** Whether someone watches who gets nothing but what PostgreSQL has. */
    boolean anyCommitted() {
        return tails.values().stream().anyMatch(t -> t.visibility() == Visibility.COMMITTED && !t.over());
    }

    boolean brokerHealthy() {
        return sources.live().healthy();
    }

    /** Ends the tails that nobody read at this sweep and at the one before. */
    void sweep() {
        for (var key : new HashMap<>(tails).keySet()) {
            tails.computeIfPresent(key, (_, tail) -> {
                if (!tail.endsAtThisSweep()) {
                    return tail;
                }
                tail.close();
                sources.stats().tails().decrement();
                return null;
            });
        }
    }

    int size() {
        return tails.size();
    }

    record Key(UUID run, Visibility visibility) {}

    /** What tails are made of. */
    record Sources(LiveLog live, StoredRuns stored, Stats stats, Duration resyncGap) {}
}
