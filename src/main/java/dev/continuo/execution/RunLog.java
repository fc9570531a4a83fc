package dev.continuo.execution;

import dev.continuo.log.Chunk;
import dev.continuo.log.LiveMessage;
import dev.continuo.log.LiveMessage.Marker;
import dev.continuo.log.RecordBuffer;
import dev.continuo.node.Lease;
import dev.continuo.run.Claim;
import dev.continuo.run.Fence;
import dev.continuo.run.FlushItem;
import dev.continuo.run.FlushOutcome;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * The owner's end of one run's log: gives chunks to JetStream and to the node's group commit. Appending blocks while
 * more than 1 MiB waits for PostgreSQL, or while this node has not heard from it for 30 s: that is how an owner that is
 * cut off stops reading from its provider.
 */
final class RunLog {
    private static final System.Logger LOG = System.getLogger(RunLog.class.getName());

    static final long MOST_UNCOMMITTED_BYTES = 1 << 20;

    private static final int SEGMENT_BYTES = 256 * 1024;
    private static final Duration PATIENCE = Duration.ofMillis(250);

    private final RecordBuffer buffer;
    private final GroupCommit commits;
    private final Lease lease;
    private final Signals signals;
    private volatile Fence fence;
    private volatile boolean refused;

    RunLog(Claim claim, int base, GroupCommit commits, Lease lease, Signals signals) {
        this.fence = claim.fence();
        this.buffer = new RecordBuffer(claim.epoch(), base);
        this.commits = commits;
        this.lease = lease;
        this.signals = signals;
    }

    UUID run() {
        return fence.run();
    }

    Fence fence() {
        return fence;
    }

    RecordBuffer buffer() {
        return buffer;
    }

    /**
     * Holds the owner back while it may not read from its provider.
     *
     * @throws Stop where there is a reason to stop
     */
    void awaitTurn() throws InterruptedException {
        signals.check();
        while (!lease.mayRead()) {
            lease.awaitMayStart(PATIENCE);
            signals.check();
        }
    }

    void append(Chunk chunk) throws InterruptedException {
        awaitTurn();
        write(chunk);
    }

    /** What has had an effect outside is written also by an owner that is told to stop, as long as the run is its own. */
    void keep(Chunk chunk) throws InterruptedException {
        signals.checkOwnership();
        write(chunk);
    }

    private void write(Chunk chunk) throws InterruptedException {
        if (!buffer.awaitRoom(MOST_UNCOMMITTED_BYTES)) {
            throw new Stop(Stop.Cause.LOST, "the log is closed");
        }
        buffer.append(chunk);
        if (buffer.unflushedBytes() >= GroupCommit.HURRY_BYTES) {
            commits.hurry();
        } else {
            commits.wake();
        }
    }

    /** Waits until PostgreSQL has all that was appended. */
    void awaitCommitted() throws InterruptedException {
        commits.hurry();
        if (!buffer.isFlushed() && !buffer.awaitFlushed()) {
            signals.check();
            throw new Stop(Stop.Cause.LOST, "the log is closed");
        }
    }

    /** Goes on under the epoch of {@code next} after {@code base}; the fork is committed already. */
    void forked(Fence next, int base, String reason) {
        buffer.announce(new Marker(next.epoch(), LiveMessage.claim8(next.claimId()), base, reason));
        buffer.fork(next.epoch(), base);
        fence = next;
        refused = false;
    }

    void close() {
        commits.leave(this);
        buffer.close();
    }

    Optional<FlushItem> nextFlush() {
        if (refused) {
            return Optional.empty();
        }
        var writer = fence;
        return buffer.takeToFlush(SEGMENT_BYTES)
                .filter(segment -> segment.epoch() == writer.epoch())
                .map(segment -> new FlushItem(writer, segment));
    }

    /** Whether the flush has to be tried again soon. */
    boolean flushed(FlushOutcome outcome) {
        switch (outcome) {
            case FlushOutcome.Committed done -> {
                buffer.flushed(done.epoch(), done.lastIdx());
                cancelRequested(done.cancelRequested());
            }
            case FlushOutcome.Mine before -> {
                buffer.flushed(before.epoch(), before.committedIdx());
                cancelRequested(before.cancelRequested());
            }
            case FlushOutcome.Skipped _ -> {}
            case FlushOutcome.Lost gone -> lost(gone.epoch());
        }
        return !buffer.isFlushed();
    }

    /** The database will never take these records: the run ends with what is committed. */
    void refused(RuntimeException why) {
        LOG.log(Level.ERROR, "run=" + run() + ": the database refuses a record; the run fails with what it has", why);
        refused = true;
        signals.raise(Stop.Cause.REFUSED, "the database refuses a record of this run");
        buffer.close();
    }

    private void lost(long epoch) {
        if (epoch == fence.epoch()) {
            signals.raise(Stop.Cause.LOST, "the row names another owner");
            close();
        }
    }

    private void cancelRequested(boolean requested) {
        if (requested) {
            signals.raise(Stop.Cause.CANCELLED, "cancel requested");
        }
    }
}
