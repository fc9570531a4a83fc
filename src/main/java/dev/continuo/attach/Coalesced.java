package dev.continuo.attach;

import static java.lang.System.Logger.Level.WARNING;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs a task on a virtual thread of its own: never twice at a time, never two starts within {@code gap}, and once
 * more where somebody asked while it ran. Asking never blocks.
 */
public final class Coalesced {
    private static final System.Logger LOG = System.getLogger(Coalesced.class.getName());

    private enum State {
        IDLE,
        RUNNING,
        ASKED,
        STOPPED
    }

    private final String name;
    private final Duration gap;
    private final Runnable task;
    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
    private volatile long lastStart;
    private volatile boolean started;

    public Coalesced(String name, Duration gap, Runnable task) {
        this.name = name;
        this.gap = gap;
        this.task = task;
    }

    public void ask() {
        if (state.compareAndSet(State.IDLE, State.RUNNING)) {
            Thread.ofVirtual().name(name).start(this::run);
        } else {
            state.compareAndSet(State.RUNNING, State.ASKED);
        }
    }

    public void stop() {
        state.set(State.STOPPED);
    }

    private void run() {
        do {
            keepGap();
            state.compareAndSet(State.ASKED, State.RUNNING);
            if (state.get() == State.STOPPED) {
                return;
            }
            lastStart = System.nanoTime();
            started = true;
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.log(WARNING, name + " failed and is tried again when next asked", e);
            }
        } while (!state.compareAndSet(State.RUNNING, State.IDLE) && state.get() != State.STOPPED);
    }

    private void keepGap() {
        if (started) {
            long rest;
            while ((rest = lastStart + gap.toNanos() - System.nanoTime()) > 0 && state.get() != State.STOPPED) {
                LockSupport.parkNanos(this, rest);
            }
        }
    }
}
