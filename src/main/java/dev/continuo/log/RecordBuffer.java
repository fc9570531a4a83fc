package dev.continuo.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The owner's end of a log. A chunk gets its idx when the publisher or the flusher first takes it, and is immutable
 * from then on; until then adjacent deltas of one part merge, so a slow consumer sees fewer and larger records.
 * Publisher and flusher each have their own place and never wait for one another. Thread-safe; one publisher, one
 * flusher, any number of appenders.
 */
public final class RecordBuffer {
    /** A merged delta stays well below the size of a segment. */
    static final int MOST_MERGED_CHARS = 4_096;

    /** Flushed records are kept this far for a publisher that lags; then it skips, and readers look in PostgreSQL. */
    static final int MOST_UNPUBLISHED_BYTES = 1 << 20;

    private record Acknowledged(int last, long seq) {}

    private static final class Pending {
        private final Chunk first;
        private StringBuilder merged;
        private int chars;

        Pending(Chunk first) {
            this.first = first;
            this.chars = first instanceof Chunk.Delta d ? d.text().length() : 0;
        }

        int size() {
            return 80 + (first instanceof Chunk.Delta ? chars : first.json().length + first.meta().length);
        }

        boolean takes(Chunk next) {
            if (!(first instanceof Chunk.Delta mine && next instanceof Chunk.Delta more && more.continues(mine))
                    || chars + more.text().length() > MOST_MERGED_CHARS) {
                return false;
            }
            merged = merged == null ? new StringBuilder(mine.text()) : merged;
            merged.append(more.text());
            chars += more.text().length();
            return true;
        }

        LogRecord seal(int idx, long epoch) {
            byte[] json = merged != null && first instanceof Chunk.Delta(var kind, var id, String _)
                    ? Chunk.Delta.json(kind, id, merged)
                    : first.json();
            return new LogRecord(idx, epoch, json, first.meta());
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition publishable = lock.newCondition();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private final ArrayDeque<LogRecord> sealed = new ArrayDeque<>();
    private final ArrayDeque<Acknowledged> acks = new ArrayDeque<>();
    private Optional<LiveMessage.Marker> announced = Optional.empty();
    private long epoch;
    private int lastSealed;
    private int lastTaken;
    private int lastFlushed;
    private long sealedBytes;
    private long flushedBytes;
    private long pendingBytes;
    private boolean closed;

    /** @param base the last idx that {@code epoch} keeps */
    public RecordBuffer(long epoch, int base) {
        this.epoch = epoch;
        reset(base);
    }

    public void append(Chunk chunk) {
        locked(() -> {
            if (closed) {
                throw new IllegalStateException("the log of this claim is closed");
            }
            if (!pending.isEmpty() && pending.getLast().takes(chunk)) {
                pendingBytes += ((Chunk.Delta) chunk).text().length();
            } else {
                pending.addLast(new Pending(chunk));
                pendingBytes += pending.getLast().size();
            }
            publishable.signal();
            return null;
        });
    }

    /** A marker that goes out before any record that is taken from now on. */
    public void announce(LiveMessage.Marker marker) {
        locked(() -> {
            announced = Optional.of(marker);
            publishable.signal();
            return null;
        });
    }

    /** The marker that has to go out first; it is given once. */
    public Optional<LiveMessage.Marker> takeMarker() {
        return locked(() -> {
            var marker = announced;
            announced = Optional.empty();
            return marker;
        });
    }

    /** What was not published yet, sealed now if need be; at least one record where there is any. */
    public List<LogRecord> takeToPublish(int maxBytes) {
        return locked(() -> {
            var records = take(lastTaken, maxBytes);
            lastTaken += records.size();
            forget();
            return records;
        });
    }

    /**
     * Remembers the sequence of an acknowledged message of this epoch, for the segments to come; for a marker,
     * {@code last} is its base.
     */
    public void published(long ofEpoch, int last, long jsSeq) {
        locked(() -> {
            if (ofEpoch == epoch) {
                acks.addLast(new Acknowledged(last, jsSeq));
            }
            return null;
        });
    }

    /** The publisher gives up what it missed: readers find it in PostgreSQL. */
    public void skipToCurrent() {
        locked(() -> {
            lastTaken = lastSealed;
            forget();
            return null;
        });
    }

    /** Waits until there is something to publish; false once closed. */
    public boolean awaitPublishable() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed && announced.isEmpty() && pending.isEmpty() && lastTaken == lastSealed) {
                publishable.await();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** The next segment: the same records again, and perhaps more, until {@link #flushed} says they are committed. */
    public Optional<Segment> takeToFlush(int maxBytes) {
        record Taken(List<LogRecord> records, OptionalLong jsSeq) {}
        var taken = locked(() -> {
            var records = take(lastFlushed, maxBytes);
            return new Taken(
                    records,
                    records.isEmpty()
                            ? OptionalLong.empty()
                            : sequenceFor(records.getLast().idx()));
        });
        return Segment.of(taken.records(), taken.jsSeq());
    }

    /** PostgreSQL has everything up to {@code last}; news of another epoch is ignored. */
    public void flushed(long ofEpoch, int last) {
        locked(() -> {
            if (ofEpoch == epoch && last > lastFlushed) {
                for (var r : sealed) {
                    flushedBytes += r.idx() > lastFlushed && r.idx() <= last ? r.size() : 0;
                }
                lastFlushed = Math.min(last, lastSealed);
                forget();
                changed.signalAll();
            }
            return null;
        });
    }

    /** Begins again after {@code base} under a new epoch; everything above it is dropped, sealed or not. */
    public void fork(long newEpoch, int base) {
        locked(() -> {
            if (newEpoch <= epoch || base > lastFlushed) {
                throw new IllegalStateException("epoch " + newEpoch + " at base " + base + " does not follow epoch "
                        + epoch + " committed to " + lastFlushed);
            }
            epoch = newEpoch;
            acks.removeIf(ack -> ack.last() > base);
            reset(base);
            changed.signalAll();
            return null;
        });
    }

    /** Waits until at most {@code bytes} wait for PostgreSQL; false once closed. */
    public boolean awaitRoom(long bytes) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed && unflushed() > bytes) {
                changed.await();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until PostgreSQL has everything that was appended; false once closed. */
    public boolean awaitFlushed() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed && !(pending.isEmpty() && lastFlushed == lastSealed)) {
                changed.await();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Wakes everyone who waits; nothing can be appended any more. */
    public void close() {
        locked(() -> {
            closed = true;
            publishable.signalAll();
            changed.signalAll();
            return null;
        });
    }

    public boolean closed() {
        return locked(() -> closed);
    }

    public long epoch() {
        return locked(() -> epoch);
    }

    public int lastSealed() {
        return locked(() -> lastSealed);
    }

    public int lastFlushed() {
        return locked(() -> lastFlushed);
    }

    /** Whether PostgreSQL has everything that was appended. */
    public boolean isFlushed() {
        return locked(() -> pending.isEmpty() && lastFlushed == lastSealed);
    }

    public long unflushedBytes() {
        return locked(this::unflushed);
    }

    private long unflushed() {
        return sealedBytes - flushedBytes + pendingBytes;
    }

    private List<LogRecord> take(int after, int maxBytes) {
        var records = new ArrayList<LogRecord>();
        long bytes = 0;
        for (var r : sealed) {
            if (r.idx() > after) {
                if (!records.isEmpty() && bytes + r.size() > maxBytes) {
                    return records;
                }
                records.add(r);
                bytes += r.size();
            }
        }
        while (!pending.isEmpty() && (records.isEmpty() || bytes < maxBytes)) {
            var next = pending.removeFirst();
            pendingBytes -= next.size();
            var r = next.seal(++lastSealed, epoch);
            sealed.addLast(r);
            sealedBytes += r.size();
            if (!records.isEmpty() && bytes + r.size() > maxBytes) {
                break;
            }
            records.add(r);
            bytes += r.size();
        }
        return records;
    }

    /** A sealed record stays until it is flushed and taken, or flushed and the publisher too far behind. */
    private void forget() {
        while (!sealed.isEmpty() && sealed.getFirst().idx() <= lastFlushed) {
            var oldest = sealed.getFirst();
            if (oldest.idx() > lastTaken && flushedBytes <= MOST_UNPUBLISHED_BYTES) {
                return;
            }
            lastTaken = Math.max(lastTaken, oldest.idx());
            sealed.removeFirst();
            sealedBytes -= oldest.size();
            flushedBytes -= oldest.size();
        }
    }

    private OptionalLong sequenceFor(int last) {
        Acknowledged newest = null;
        while (!acks.isEmpty() && acks.getFirst().last() <= last) {
            newest = acks.removeFirst();
        }
        if (newest == null) {
            return OptionalLong.empty();
        }
        acks.addFirst(newest);
        return OptionalLong.of(newest.seq());
    }

    private void reset(int base) {
        pending.clear();
        sealed.clear();
        lastSealed = base;
        lastTaken = base;
        lastFlushed = base;
        sealedBytes = 0;
        flushedBytes = 0;
        pendingBytes = 0;
    }

    private <T> T locked(java.util.function.Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
