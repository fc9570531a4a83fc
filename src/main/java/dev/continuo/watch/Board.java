package dev.continuo.watch;

import static java.lang.System.Logger.Level.WARNING;

import dev.continuo.attach.Coalesced;
import dev.continuo.attach.Pulse;
import dev.continuo.attach.Signal;
import dev.continuo.nats.Hints;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The conversations of all organisations that somebody watches here, read once for all of them. */
@Singleton
public final class Board {
    private static final System.Logger LOG = System.getLogger(Board.class.getName());
    private static final Duration GAP = Duration.ofMillis(250);

    private final RecentThreads recent;
    private final Coalesced look;
    private final Map<UUID, Set<Signal>> watchers = new ConcurrentHashMap<>();
    private volatile Map<UUID, List<ThreadStatus>> posted = Map.of();
    private volatile long looksBegun;
    private volatile long looksDone;

    @Inject
    public Board(RecentThreads recent, Hints hints, Pulse pulse) {
        this(recent, GAP);
        hints.onThreadChanged((org, _) -> {
            if (watchers.containsKey(org)) {
                look.ask();
            }
        });
        pulse.everySecond(this::compare);
    }

    Board(RecentThreads recent, Duration gap) {
        this.recent = recent;
        this.look = new Coalesced("board", gap, this::look);
    }

    /** @return the number of the look from which on {@link #of} is no older than this call */
    long join(UUID org, Signal signal) {
        watchers.compute(org, (_, known) -> {
            var all = known == null ? ConcurrentHashMap.<Signal>newKeySet() : known;
            all.add(signal);
            return all;
        });
        long next = looksBegun + 1;
        look.ask();
        return next;
    }

    void leave(UUID org, Signal signal) {
        watchers.computeIfPresent(org, (_, all) -> {
            all.remove(signal);
            return all.isEmpty() ? null : all;
        });
    }

    boolean looked(long number) {
        return looksDone >= number;
    }

    List<ThreadStatus> of(UUID org) {
        return posted.getOrDefault(org, List.of());
    }

    void compare() {
        if (!watchers.isEmpty()) {
            look.ask();
        }
    }

    private void look() {
        looksBegun++;
        try {
            posted = recent.of(List.copyOf(watchers.keySet())).stream()
                    .collect(Collectors.groupingBy(ThreadStatus::org));
        } catch (RuntimeException e) {
            LOG.log(WARNING, "cannot read what changed ({0}); it is tried again within a second", e);
            return;
        }
        looksDone = looksBegun;
        watchers.values().forEach(all -> all.forEach(Signal::raise));
    }

    @PreDestroy
    void stop() {
        look.stop();
    }
}
