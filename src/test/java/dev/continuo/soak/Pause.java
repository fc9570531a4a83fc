package dev.continuo.soak;

import java.util.concurrent.locks.LockSupport;

/** Lets time pass on purpose: this is load, not a test that hopes. */
final class Pause {
    private Pause() {}

    static void millis(long millis) {
        long until = System.nanoTime() + millis * 1_000_000;
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
        }
    }
}
