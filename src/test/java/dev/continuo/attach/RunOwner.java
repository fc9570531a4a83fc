package dev.continuo.attach;

import dev.continuo.live.LiveLog;
import dev.continuo.live.PublishResult;
import dev.continuo.log.Chunk;
import dev.continuo.log.Chunks;
import dev.continuo.log.LiveMessage;
import dev.continuo.log.LogRecord;
import dev.continuo.log.Segment;
import dev.continuo.run.Claim;
import dev.continuo.run.FlushItem;
import dev.continuo.run.GiveBack;
import dev.continuo.run.Opening;
import dev.continuo.run.Truth;
import dev.continuo.run.Voided;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

/** Owns one run in a real database and on a real broker, and says word by word what a test wants. */
final class RunOwner {
    private final Truth truth;
    private final LiveLog live;
    private final Claim claim;
    private final List<LogRecord> uncommitted = new ArrayList<>();
    private int lastIdx;
    private long seq;
    private OptionalLong acknowledged = OptionalLong.empty();

    private RunOwner(Truth truth, LiveLog live, Claim claim, int base) {
        this.truth = truth;
        this.live = live;
        this.claim = claim;
        this.lastIdx = base;
        this.seq = lastSeq();
    }

    /** Claims and opens the thread's next run, which begins to speak. */
    static RunOwner ofNext(Truth truth, LiveLog live) {
        var owner = new RunOwner(truth, live, truth.start(Truth.node("n1")), 0);
        owner.marks(0);
        owner.publishes(List.of(Chunks.start(owner.claim.answerId()), Chunks.textStart("t")));
        return owner;
    }

    /** Another node goes on from what is committed. */
    RunOwner isTakenOver() {
        truth.release(claim.fence(), GiveBack.values()[0], Duration.ZERO);
        var next = truth.claimOne(Truth.node("n2"));
        truth.open(new Opening(
                next.fence(),
                "n2",
                next.committedIdx(),
                List.of(),
                OptionalLong.empty(),
                new Voided.Unknown(),
                "takeover"));
        var owner = new RunOwner(truth, live, next, next.committedIdx());
        owner.marks(next.committedIdx());
        return owner;
    }

    UUID run() {
        return claim.run();
    }

    UUID thread() {
        return claim.thread();
    }

    RunOwner says(String... words) {
        var chunks = new ArrayList<Chunk>();
        for (var word : words) {
            chunks.add(Chunks.textDelta("t", word));
        }
        return publishes(chunks);
    }

    private RunOwner publishes(List<Chunk> chunks) {
        var records = Truth.records(claim.epoch(), lastIdx + 1, chunks);
        lastIdx += records.size();
        uncommitted.addAll(records);
        publish(new LiveMessage.Batch(claim.epoch(), LiveMessage.claim8(claim.claimId()), records));
        return this;
    }

    private void marks(int base) {
        publish(new LiveMessage.Marker(claim.epoch(), LiveMessage.claim8(claim.claimId()), base, "takeover"));
    }

    /** A broker that refuses or is away is told nothing more of this. */
    private void publish(LiveMessage message) {
        switch (live.publish(claim.thread(), claim.run(), message, seq)) {
            case PublishResult.Stored(long stored) -> {
                seq = stored;
                acknowledged = message instanceof LiveMessage.Batch ? OptionalLong.of(stored) : acknowledged;
            }
            case PublishResult.Refused _ -> seq = lastSeq();
            case PublishResult.Unavailable _ -> {}
        }
    }

    private long lastSeq() {
        try {
            return live.last(claim.thread(), claim.run())
                    .map(LiveMessage.Delivered::seq)
                    .orElse(0L);
        } catch (dev.continuo.live.LiveUnavailable e) {
            return 0;
        }
    }

    RunOwner commits() {
        truth.flushUntilCommitted(new FlushItem(
                claim.fence(), Segment.of(uncommitted, acknowledged).orElseThrow()));
        uncommitted.clear();
        return this;
    }

    void completes() {
        if (!uncommitted.isEmpty()) {
            commits();
        }
        truth.complete(claim.fence());
    }
}
