package dev.continuo.execution;

import dev.continuo.model.ModelCall;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What reaches a running execution from outside. The first reason counts, except that a lost claim outranks the others;
 * the provider's connection is closed at once, whichever it is.
 */
final class Signals {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition raised = lock.newCondition();
    private Stop stop;
    private ModelCall call = new ModelCall();

    void raise(Stop.Cause why, String message) {
        lock.lock();
        try {
            if (stop == null || why == Stop.Cause.LOST && stop.why() != Stop.Cause.LOST) {
                stop = new Stop(why, message);
            }
            call.abort();
            raised.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** @throws Stop where there is a reason to stop */
    void check() {
        stopped().ifPresent(reason -> {
            throw reason;
        });
    }

    /** @throws Stop where the claim is lost; a cancel or a hand-over lets the last steps pass */
    void checkOwnership() {
        stopped().filter(reason -> reason.why() == Stop.Cause.LOST).ifPresent(reason -> {
            throw reason;
        });
    }

    Optional<Stop> stopped() {
        lock.lock();
        try {
            return Optional.ofNullable(stop);
        } finally {
            lock.unlock();
        }
    }

    boolean isLost() {
        return stopped().filter(reason -> reason.why() == Stop.Cause.LOST).isPresent();
    }

    /** The call that a signal is to abort from now on. */
    ModelCall newCall() {
        lock.lock();
        try {
            if (stop != null) {
                throw stop;
            }
            call = new ModelCall();
            return call;
        } finally {
            lock.unlock();
        }
    }

    /** Sleeps, but not on after the claim is lost. */
    void pause(Duration time) throws InterruptedException {
        long left = time.toNanos();
        lock.lock();
        try {
            while (left > 0 && (stop == null || stop.why() != Stop.Cause.LOST)) {
                left = raised.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
