package dev.continuo.attach;

import dev.continuo.nats.Hints;
import dev.continuo.node.NodeState;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * Rule R6 and everything else that happens by itself: wakes the watchers that owe a keepalive, and compares what they
 * were shown with PostgreSQL once a second, or four times where the broker is no help. Hints only hurry it.
 */
@Singleton
public final class Pulse {
    private static final Duration BEAT = Duration.ofMillis(250);
    /** Within this, whoever watched a node that leaves comes back elsewhere. */
    private static final Duration SPREAD = Duration.ofSeconds(1);

    private static final int BEATS_PER_COMPARISON = 4;

    private final Tails tails;
    private final Lines lines;
    private final Watchers watchers;
    private final Coalesced comparison;
    private final List<Runnable> everySecond = new CopyOnWriteArrayList<>();
    private volatile boolean stopped;
    private int beats;

    @Inject
    public Pulse(Tails tails, Lines lines, Watchers watchers, Hints hints, NodeState node) {
        this.tails = tails;
        this.lines = lines;
        this.watchers = watchers;
        this.comparison = new Coalesced("compare-with-postgresql", BEAT, this::compare);
        node.onDrain(() -> watchers.drain(SPREAD));
        hints.onThreadChanged((_, thread) -> {
            lines.hurry(thread);
            tails.hurry(thread);
        });
    }

    void start(@Observes @Initialized(ApplicationScoped.class) Object application) {
        Thread.ofVirtual().name("pulse").start(this::run);
    }

    /** For whoever else has something to compare; it must not block. */
    public void everySecond(Runnable listener) {
        everySecond.add(listener);
    }

    private void run() {
        while (!stopped) {
            LockSupport.parkNanos(this, BEAT.toNanos());
            beat();
        }
    }

    void beat() {
        watchers.tick();
        beats = (beats + 1) % BEATS_PER_COMPARISON;
        if (beats == 0) {
            tails.sweep();
            lines.sweep();
            everySecond.forEach(Runnable::run);
        }
        if (beats == 0 || tails.anyCommitted() || !tails.brokerHealthy()) {
            comparison.ask();
        }
    }

    private void compare() {
        tails.compare();
        lines.compare();
    }

    @PreDestroy
    void stop() {
        stopped = true;
        comparison.stop();
    }
}
