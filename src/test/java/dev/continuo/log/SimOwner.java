package dev.continuo.log;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;

/** Whoever claimed a run: opens it, asks the model and holds its answer against the log, publishes, flushes, forks and
 * finishes, or wakes up as a zombie. */
final class SimOwner {
    private enum Phase {
        CLAIMED,
        FOLDED,
        OPEN,
        GONE
    }

    private final Random random;
    private final SimDatabase db;
    private final SimBus bus;
    private final SimDatabase.Row row;
    private final UUID claim;
    private long epoch;
    private Phase phase = Phase.CLAIMED;
    private Adoption adoption;
    private RecordBuffer buffer;
    private LiveMessage inFlight;
    private long expected;
    private boolean markerDue;
    private Segment flushing;
    private int base;
    private String reason = "takeover";
    private boolean generated;
    private SimCall call;
    private Regeneration regeneration;
    boolean paused;

    SimOwner(Random random, SimDatabase db, SimBus bus, SimDatabase.Row row) {
        this.random = random;
        this.db = db;
        this.bus = bus;
        this.row = row;
        db.claim(row);
        this.claim = row.claim;
        this.epoch = row.epoch;
    }

    SimDatabase.Row row() {
        return row;
    }

    boolean isGone() {
        return phase == Phase.GONE;
    }

    boolean owns() {
        return row.isMine(epoch, claim);
    }

    void die() {
        phase = Phase.GONE;
    }

    void step() {
        if (paused) {
            return;
        }
        switch (phase) {
            case CLAIMED -> fold();
            case FOLDED -> open();
            case OPEN -> work();
            case GONE -> {}
        }
    }

    private void fold() {
        var snapshot = db.snapshot(row.run, row.committed());
        if (snapshot.openedEpoch() == 0) {
            adoption = new Adoption(0, List.of(), OptionalLong.empty(), OptionalInt.empty(), false, 0);
        } else {
            var all = db.snapshot(row.run, 0);
            long after = all.segments().isEmpty()
                    ? 0
                    : all.segments().getLast().jsSeq().orElse(0);
            adoption = bus.replay(row.run, after)
                    .map(beyond -> OpenFold.fold(all, beyond))
                    .orElseGet(() -> OpenFold.withoutBus(all));
        }
        phase = Phase.FOLDED;
    }

    private void open() {
        if (!db.open(row, epoch, claim, adoption)) {
            phase = Phase.GONE;
            return;
        }
        expected = adoption.lastSeq();
        phase = Phase.OPEN;
        markerDue = true;
        base = adoption.base();
        buffer = new RecordBuffer(epoch, base);
        generated = row.committed() > 0 && row.log.getLast().hasMeta();
        if (!generated && base > 0 && random.nextInt(12) == 0) {
            fork(0);
        }
        if (!generated && phase == Phase.OPEN) {
            ask();
        }
    }

    private void work() {
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> generate();
            case 3, 4, 5 -> publish();
            case 6 -> takeFlush();
            case 7, 8 -> commit();
            case 9 -> {
                if (random.nextInt(12) == 0) {
                    fail();
                } else if (random.nextInt(25) == 0) {
                    release();
                } else {
                    finish();
                }
            }
            default -> throw new IllegalStateException();
        }
    }

    void generate() {
        if (generated || row.cancelRequested && random.nextBoolean()) {
            return;
        }
        for (int i = random.nextInt(3); i >= 0 && !generated && phase == Phase.OPEN; i--) {
            var chunk = call.next().orElseThrow();
            take(regeneration.next(chunk));
            generated = chunk.meta().length > 0;
        }
        if (!generated && regeneration.inside() && random.nextInt(60) == 0) {
            take(regeneration.giveUp());
        }
    }

    private void take(Regeneration.Next next) {
        switch (next) {
            case Regeneration.Next.Same() -> {}
            case Regeneration.Next.Beyond(Chunk chunk) -> buffer.append(chunk);
            case Regeneration.Next.Fork(int to, List<Chunk> chunks) -> {
                Violation.unless(flushing == null && buffer.isFlushed(), "something was written in the silence");
                fork(to);
                if (phase == Phase.OPEN) {
                    chunks.forEach(buffer::append);
                }
            }
        }
    }

    /** The model is asked, and has to say again what is stored. */
    private void ask() {
        call = new SimCall(random, row.run, row.said);
        row.said = Optional.of(call.words());
        regeneration = new Regeneration(row.log);
    }

    /** A call breaks off: what it said stays, and another one follows. */
    private void fail() {
        if (!generated && flushing == null && buffer.isFlushed()) {
            fork(buffer.lastFlushed());
            if (phase == Phase.OPEN) {
                ask();
            }
        }
    }

    void publish() {
        if (inFlight == null && markerDue) {
            inFlight = new LiveMessage.Marker(epoch, LiveMessage.claim8(claim), base, reason);
        } else if (inFlight == null) {
            var records = buffer.takeToPublish(1 + random.nextInt(400));
            if (records.isEmpty()) {
                return;
            }
            inFlight = new LiveMessage.Batch(epoch, LiveMessage.claim8(claim), records);
        }
        switch (bus.publish(row.run, inFlight, expected)) {
            case SimBus.Published.Stored(long seq) -> {
                expected = seq;
                buffer.published(epoch, inFlight instanceof LiveMessage.Batch b ? b.last() : base, seq);
                sent();
            }
            case SimBus.Published.Refused() -> refused();
            case SimBus.Published.Unavailable() -> {
                if (random.nextInt(3) == 0) {
                    sent();
                    if (random.nextInt(3) == 0) {
                        buffer.skipToCurrent();
                    }
                }
            }
        }
    }

    void takeFlush() {
        if (flushing == null) {
            flushing = buffer.takeToFlush(1 + random.nextInt(900)).orElse(null);
        }
    }

    void commit() {
        if (flushing == null) {
            return;
        }
        int last = flushing.last();
        var outcome = db.flush(row, epoch, claim, flushing);
        flushing = null;
        if (random.nextInt(20) == 0) {
            return;
        }
        switch (outcome) {
            case SimDatabase.Flushed.Committed() -> buffer.flushed(epoch, last);
            case SimDatabase.Flushed.Mine(int committed) -> buffer.flushed(epoch, committed);
            case SimDatabase.Flushed.Lost() -> phase = Phase.GONE;
        }
    }

    void finish() {
        if (flushing != null || !buffer.isFlushed() || !(generated || row.cancelRequested)) {
            return;
        }
        if (db.finish(row, epoch, claim) && random.nextInt(5) > 0) {
            bus.hintFinished(row.run);
        }
        phase = Phase.GONE;
    }

    private void release() {
        if (flushing == null && buffer.isFlushed()) {
            if (row.isMine(epoch, claim)) {
                db.giveBack(row);
            }
            phase = Phase.GONE;
        }
    }

    private void fork(int to) {
        if (flushing != null || to > buffer.lastFlushed()) {
            return;
        }
        if (!db.fork(row, epoch, claim, to)) {
            phase = Phase.GONE;
            return;
        }
        epoch++;
        base = to;
        reason = "fork";
        buffer.fork(epoch, base);
        inFlight = null;
        markerDue = true;
    }

    private void refused() {
        Optional<LiveMessage.Delivered> last = bus.last(row.run);
        if (last.isPresent() && last.get().message().epoch() > epoch && !row.isMine(epoch, claim)) {
            phase = Phase.GONE;
        } else {
            expected = last.map(LiveMessage.Delivered::seq).orElse(0L);
        }
    }

    private void sent() {
        markerDue = markerDue && !(inFlight instanceof LiveMessage.Marker);
        inFlight = null;
    }
}
