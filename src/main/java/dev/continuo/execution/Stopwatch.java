package dev.continuo.execution;

import java.time.Duration;

/** Time since something began, on a clock that never jumps. */
interface Stopwatch {
    Duration elapsed();

    static Stopwatch start() {
        long from = System.nanoTime();
        return () -> Duration.ofNanos(System.nanoTime() - from);
    }
}
