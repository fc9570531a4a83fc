package dev.continuo.attach;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The threads that somebody follows on this node. */
@Singleton
final class Lines {
    /** Between two looks at one thread: who comes meanwhile waits for it, so it is as short as PostgreSQL can bear. */
    private static final Duration GAP = Duration.ofMillis(10);

    private final StoredThreads stored;
    private final Duration gap;
    private final Map<UUID, Line> lines = new ConcurrentHashMap<>();

    @Inject
    Lines(StoredThreads stored) {
        this(stored, GAP);
    }

    Lines(StoredThreads stored, Duration gap) {
        this.stored = stored;
        this.gap = gap;
    }

    /** A line, and the number of the look that a follower who comes now has to wait for. */
    record Joined(Line line, long firstLook) {}

    Joined join(UUID thread, Signal signal) {
        var firstLook = new AtomicLong();
        var joined = lines.compute(thread, (_, line) -> {
            var shared = line == null ? new Line(thread, stored, gap) : line;
            firstLook.set(shared.join(signal));
            return shared;
        });
        return new Joined(joined, firstLook.get());
    }

    void hurry(UUID thread) {
        var line = lines.get(thread);
        if (line != null) {
            line.hurry();
        }
    }

    /** R6: one query for all threads that are followed. */
    void compare() {
        if (!lines.isEmpty()) {
            var marks = stored.marks(List.copyOf(lines.keySet()));
            lines.forEach((thread, line) -> line.compare(Optional.ofNullable(marks.get(thread))));
        }
    }

    void sweep() {
        for (var thread : List.copyOf(lines.keySet())) {
            lines.computeIfPresent(thread, (_, line) -> {
                if (!line.endsAtThisSweep()) {
                    return line;
                }
                line.close();
                return null;
            });
        }
    }

    int size() {
        return lines.size();
    }
}
