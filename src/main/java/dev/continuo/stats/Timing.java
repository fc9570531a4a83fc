package dev.continuo.stats;

import java.time.Duration;
import java.util.function.Consumer;

/** Durations of one kind of work. They go to whoever listens, and nowhere before somebody does. */
public final class Timing {
    private volatile Consumer<Duration> listener = d -> {};

    public void record(Duration elapsed) {
        listener.accept(elapsed);
    }

    public void listener(Consumer<Duration> next) {
        listener = next;
    }
}
