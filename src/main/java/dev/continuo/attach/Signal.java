package dev.continuo.attach;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Wakes one thread; raised while that thread is busy, it makes the next wait return at once, so no raise is lost and
 * any number of raises costs one wake-up.
 */
public final class Signal {
    private final AtomicBoolean raised = new AtomicBoolean();
    private volatile Thread waiter;

    public void raise() {
        if (!raised.get() && raised.compareAndSet(false, true)) {
            LockSupport.unpark(waiter);
        }
    }

    /** Waits without a limit: whoever needs one has somebody raise the signal in time. */
    void await() throws InterruptedException {
        waiter = Thread.currentThread();
        while (!raised.get()) {
            LockSupport.park(this);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        raised.set(false);
    }
}
