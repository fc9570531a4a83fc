package dev.continuo.execution;

import dev.continuo.live.LiveLog;
import dev.continuo.live.LiveUnavailable;
import dev.continuo.live.PublishResult;
import dev.continuo.log.LiveMessage;
import dev.continuo.log.LiveMessage.Batch;
import dev.continuo.log.LiveMessage.Delivered;
import dev.continuo.log.LiveMessage.Marker;
import dev.continuo.log.RecordBuffer;
import dev.continuo.stats.Stats;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntConsumer;

/**
 * Publishes one run's log: one message in flight, and what arrives meanwhile goes into the next one. What was not
 * acknowledged is sent again byte for byte, because a retry that has grown is answered as a duplicate and its new part
 * is lost. A refusal alone does not end an owner: after a loss of the stream a healthy one is refused, too.
 */
final class Publisher {
    private static final System.Logger LOG = System.getLogger(Publisher.class.getName());
    private static final int MESSAGE_BYTES = 256 * 1024;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final LiveLog live;
    private final Ownership ownership;
    private final Stats stats;
    private final Signals signals;
    private final UUID thread;
    private final UUID run;
    private final String claim8;
    private final RecordBuffer buffer;
    private final IntConsumer shownAboveBase;
    private long expected;

    Publisher(
            LiveLog live,
            Ownership ownership,
            Stats stats,
            Signals signals,
            UUID thread,
            RunLog log,
            long expected,
            IntConsumer shownAboveBase) {
        this.live = live;
        this.ownership = ownership;
        this.stats = stats;
        this.signals = signals;
        this.thread = thread;
        this.run = log.run();
        this.claim8 = LiveMessage.claim8(log.fence().claimId());
        this.buffer = log.buffer();
        this.expected = expected;
        this.shownAboveBase = shownAboveBase;
    }

    /** Runs until the log is closed or the claim is lost. */
    void run() {
        try {
            while (buffer.awaitPublishable()) {
                var marker = buffer.takeMarker();
                if (marker.isPresent()) {
                    publish(marker.get());
                } else {
                    publishRecords();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Stop lost) {
            LOG.log(Level.DEBUG, "run={0} publishes nothing more: {1}", run, lost.getMessage());
        }
    }

    private void publishRecords() throws InterruptedException {
        var records = buffer.takeToPublish(MESSAGE_BYTES);
        if (!records.isEmpty()) {
            publish(new Batch(records.getFirst().epoch(), claim8, records));
        }
    }

    private void publish(LiveMessage message) throws InterruptedException {
        var pause = FIRST_PAUSE;
        while (!isOver(message)) {
            long start = System.nanoTime();
            switch (live.publish(thread, run, message, expected)) {
                case PublishResult.Stored(long seq) -> {
                    stats.publishLatency().record(Duration.ofNanos(System.nanoTime() - start));
                    stored(message, seq);
                    return;
                }
                case PublishResult.Refused() -> {
                    stats.publishRefusals().increment();
                    pause = refused(message) ? FIRST_PAUSE : pauseAfter(pause);
                }
                case PublishResult.Unavailable _ -> {
                    stats.publishFailures().increment();
                    pause = pauseAfter(pause);
                }
            }
        }
    }

    /** A batch of an epoch that was forked away is never sent again; nothing is, once the run has left this node. */
    private boolean isOver(LiveMessage message) {
        if (signals.isLost()) {
            throw new Stop(Stop.Cause.LOST, "the claim is lost");
        }
        return buffer.closed() || message.epoch() < buffer.epoch();
    }

    private void stored(LiveMessage message, long seq) {
        expected = seq;
        stats.publishes().increment();
        int last =
                switch (message) {
                    case Batch batch -> batch.last();
                    case Marker marker -> marker.base();
                };
        buffer.published(message.epoch(), last, seq);
    }

    /** True where the subject's last message told what to expect instead. */
    private boolean refused(LiveMessage message) {
        try {
            var last = live.last(thread, run);
            if (last.filter(d -> d.message().epoch() > message.epoch()).isPresent() && isAnothers()) {
                signals.raise(Stop.Cause.LOST, "another owner writes under a higher epoch");
                throw new Stop(Stop.Cause.LOST, "refused by a higher epoch");
            }
            noteShown(message, last);
            expected = last.map(Delivered::seq).orElse(0L);
            return true;
        } catch (LiveUnavailable e) {
            stats.publishFailures().increment();
            return false;
        }
    }

    /** Where PostgreSQL does not say, the higher epoch does; were it wrong, the reconciler would give the run back. */
    private boolean isAnothers() {
        try {
            return !ownership.stillMine();
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "run=" + run + ": the row cannot be read, so the higher epoch counts", e);
            return true;
        }
    }

    /** Before a marker is accepted, a predecessor may have published more than the fold saw. */
    private void noteShown(LiveMessage message, Optional<Delivered> last) {
        if (message instanceof Marker marker
                && last.isPresent()
                && last.get().message() instanceof Batch before
                && before.last() > marker.base()) {
            shownAboveBase.accept(before.last());
        }
    }

    private Duration pauseAfter(Duration pause) throws InterruptedException {
        signals.pause(pause);
        var next = pause.multipliedBy(2);
        return next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
    }

    /** Asks the row; throws where the database does not answer. */
    interface Ownership {
        boolean stillMine();
    }
}
