package dev.continuo.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Awaits a fact with a deadline. A fact that does not come is an {@link AssertionError} that names it. */
public final class Await {
    private static final Duration PAUSE = Duration.ofMillis(5);

    private Await() {}

    public static void until(String what, Duration atMost, BooleanSupplier fact) {
        until(what, atMost, PAUSE, fact);
    }

    /** With a longer pause between two looks, for facts that cost something to look at. */
    public static void until(String what, Duration atMost, Duration pause, BooleanSupplier fact) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!fact.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited " + atMost.toMillis() + " ms in vain: " + what);
            }
            LockSupport.parkNanos(pause.toNanos());
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting: " + what);
            }
        }
    }
}
