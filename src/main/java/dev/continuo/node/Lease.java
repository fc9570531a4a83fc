package dev.continuo.node;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * How long this node may still act on its claims without hearing from PostgreSQL. Counted on the monotonic clock from
 * the moment <em>before</em> the last successful renewal was sent, so that it always ends earlier here than the lease
 * does in the database. It restrains this node only; nobody compares it with another machine.
 */
@Singleton
public class Lease {
    /** An owner that has not heard from PostgreSQL for so long stops reading from its provider. */
    public static final Duration SILENCE = Duration.ofSeconds(30);

    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition renewed = lock.newCondition();
    private boolean ever;
    private long sentAt;
    private long unbrokenSince;
    private Duration length = Duration.ZERO;

    public Lease() {
        this(System::nanoTime);
    }

    Lease(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The reading to take before a renewal is sent, and to give to {@link #renewed}. */
    public long now() {
        return nanoTime.getAsLong();
    }

    public void renewed(long sentAtNanos, Duration leaseLength) {
        lock.lock();
        try {
            if (!ever || elapsed(sentAt, sentAtNanos).compareTo(length) > 0) {
                unbrokenSince = sentAtNanos;
            }
            ever = true;
            sentAt = sentAtNanos;
            length = leaseLength;
            renewed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A renewal failed, or PostgreSQL was seen away between two: the time of unbroken renewals, which reaping asks for, begins anew. */
    public void failed() {
        lock.lock();
        try {
            unbrokenSince = nanoTime.getAsLong();
        } finally {
            lock.unlock();
        }
    }

    /** Whether a provider call, a tool call or a finish may be started now. */
    public boolean mayStart() {
        lock.lock();
        try {
            return isYoungerThan(length);
        } finally {
            lock.unlock();
        }
    }

    /** Whether an owner may go on reading from its provider. */
    public boolean mayRead() {
        return isYoungerThan(SILENCE);
    }

    /** Since the last renewal was sent; empty duration before the first one. */
    public Duration age() {
        lock.lock();
        try {
            return ever ? elapsed(sentAt, nanoTime.getAsLong()) : Duration.ZERO;
        } finally {
            lock.unlock();
        }
    }

    public boolean everRenewed() {
        lock.lock();
        try {
            return ever;
        } finally {
            lock.unlock();
        }
    }

    /** For how long every renewal has succeeded. */
    public Duration unbroken() {
        lock.lock();
        try {
            return ever ? elapsed(unbrokenSince, nanoTime.getAsLong()) : Duration.ZERO;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until {@link #mayStart()} or until {@code atMost} is over; says which. */
    public boolean awaitMayStart(Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lock();
        try {
            while (!mayStart() && left > 0) {
                left = renewed.awaitNanos(left);
            }
            return mayStart();
        } finally {
            lock.unlock();
        }
    }

    private boolean isYoungerThan(Duration limit) {
        lock.lock();
        try {
            return ever && elapsed(sentAt, nanoTime.getAsLong()).compareTo(limit) < 0;
        } finally {
            lock.unlock();
        }
    }

    private static Duration elapsed(long from, long to) {
        return Duration.ofNanos(to - from);
    }
}
