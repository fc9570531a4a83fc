package dev.continuo.node;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Deadlines that hardly ever come, of waits that happen with every chunk. The JDK arms a timed wait of a virtual thread
 * by one scheduling thread and wakes that thread to arm it and again to disarm it (JDK 25,
 * {@code java.util.concurrent.DelayScheduler}); an entry here costs two operations on a concurrent set. Whoever is late
 * hears it up to {@value #LOOK_MILLIS} ms later. The thread that looks lives as long as the JVM: an application is not
 * replaced inside of one, a node is.
 */
public final class Deadlines {
    static final long LOOK_MILLIS = 20;
    private static final System.Logger LOG = System.getLogger(Deadlines.class.getName());

    private static final Set<Deadline> OPEN = ConcurrentHashMap.newKeySet();

    static {
        Thread.ofPlatform().daemon().name("deadlines").start(Deadlines::watch);
    }

    private Deadlines() {}

    /**
     * Closed by whoever waited, in time or not.
     *
     * @param late called once, on a thread of all deadlines, so it must not block; where it is called while the waiter
     *     closes this, it may come after that
     */
    public static Deadline in(Duration left, Runnable late) {
        var deadline = new Deadline(System.nanoTime() + left.toNanos(), late);
        OPEN.add(deadline);
        return deadline;
    }

    /** One wait. */
    public static final class Deadline implements AutoCloseable {
        private final long due;
        private final Runnable late;

        private Deadline(long due, Runnable late) {
            this.due = due;
            this.late = late;
        }

        @Override
        public void close() {
            OPEN.remove(this);
        }
    }

    private static void watch() {
        while (true) {
            LockSupport.parkNanos(Duration.ofMillis(LOOK_MILLIS).toNanos());
            try {
                look(System.nanoTime());
            } catch (Throwable e) {
                // All time limits of the node hang on this thread; one of them may fail, not all.
                LOG.log(Level.ERROR, "a deadline could not be told", e);
            }
        }
    }

    private static void look(long now) {
        for (var deadline : OPEN) {
            if (now - deadline.due >= 0 && OPEN.remove(deadline)) {
                deadline.late.run();
            }
        }
    }
}
