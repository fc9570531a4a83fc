package dev.continuo.node;

import java.time.Duration;

/** Monotonic time of this process, for measuring how long something took; never comparable with another node's. */
@FunctionalInterface
public interface Stopwatch {
    long nanoTime();

    default Duration since(long start) {
        return Duration.ofNanos(nanoTime() - start);
    }
}
