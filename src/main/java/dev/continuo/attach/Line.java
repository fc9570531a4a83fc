package dev.continuo.attach;

import static java.lang.System.Logger.Level.WARNING;

import dev.continuo.run.ThreadProgress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The queue of one thread as this node sees it, shared by all who follow the thread. */
final class Line {
    private static final System.Logger LOG = System.getLogger(Line.class.getName());

    private final UUID thread;
    private final StoredThreads stored;
    private final Coalesced look;
    private final Set<Signal> followers = ConcurrentHashMap.newKeySet();
    private volatile ThreadRuns runs;
    private volatile long looksBegun;
    private volatile long looksDone;
    private boolean lonely;

    Line(UUID thread, StoredThreads stored, Duration gap) {
        this.thread = thread;
        this.stored = stored;
        this.look = new Coalesced("line-" + thread, gap, this::look);
    }

    /** Empty until PostgreSQL was read. */
    Optional<ThreadRuns> runs() {
        return Optional.ofNullable(runs);
    }

    /** @return the number of the look from which on {@link #runs} is no older than this call */
    long join(Signal signal) {
        followers.add(signal);
        long next = looksBegun + 1;
        hurry();
        return next;
    }

    boolean looked(long number) {
        return looksDone >= number;
    }

    void leave(Signal signal) {
        followers.remove(signal);
    }

    void hurry() {
        look.ask();
    }

    /** R6. A look that failed is owed, even where nothing has changed: somebody may have come since the one before. */
    void compare(Optional<ThreadProgress> mark) {
        var now = runs;
        if (now == null || looksDone < looksBegun || !now.mark().equals(mark)) {
            hurry();
        }
    }

    boolean endsAtThisSweep() {
        boolean ends = lonely && followers.isEmpty();
        lonely = followers.isEmpty();
        return ends;
    }

    void close() {
        look.stop();
    }

    private void look() {
        looksBegun++;
        try {
            runs = stored.read(thread);
        } catch (RuntimeException e) {
            LOG.log(WARNING, "cannot read the runs of thread={0} now ({1}); it is tried again", thread, e);
            return;
        }
        looksDone = looksBegun;
        followers.forEach(Signal::raise);
    }
}
