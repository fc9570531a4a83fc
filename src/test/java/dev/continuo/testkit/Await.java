package dev.continuo.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Awaits a fact with a deadline. A fact that does not come is an {@link AssertionError} that names it. */
public final class Await {
    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final Duration LONGEST = Duration.ofMillis(100);

    private Await() {}

    public static void until(String what, Duration atMost, BooleanSupplier fact) {
        until(what, atMost, PAUSE, fact);
    }

    /** With a longer pause between two looks, for facts that cost something to look at. */
    public static void until(String what, Duration atMost, Duration pause, BooleanSupplier fact) {
        long begun = System.nanoTime();
        long deadline = begun + atMost.toNanos();
        while (!fact.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited " + atMost.toMillis() + " ms in vain: " + what);
            }
            // A tenth of what was waited already, up to a tenth of a second: no server's limit is passed by looking.
            long patient = Math.min((System.nanoTime() - begun) / 10, LONGEST.toNanos());
            LockSupport.parkNanos(Math.max(pause.toNanos(), patient));
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting: " + what);
            }
        }
    }
}
