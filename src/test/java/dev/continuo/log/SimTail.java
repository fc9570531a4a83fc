package dev.continuo.log;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/** A node's shared reader of a run: the real reader and the real track, driven by a shell that may be late. */
final class SimTail {
    enum Visibility {
        LIVE,
        COMMITTED
    }

    private final Random random;
    private final SimDatabase db;
    private final SimBus bus;
    private final Visibility visibility;
    private final RunReader reader;
    private final Track track = new Track();
    private final ArrayDeque<LiveMessage> queue = new ArrayDeque<>();
    private final Set<String> delivered = new HashSet<>();
    private boolean wanted = true;
    private boolean hinted;
    private RunSnapshot inHand;
    private long epochBefore;

    SimTail(Random random, SimDatabase db, SimBus bus, UUID run, Visibility visibility, ReaderRules rules) {
        this.random = random;
        this.db = db;
        this.bus = bus;
        this.visibility = visibility;
        this.reader = new RunReader(run, rules);
        if (visibility == Visibility.LIVE) {
            bus.subscribe(this);
        }
    }

    UUID run() {
        return reader.run();
    }

    RunReader reader() {
        return reader;
    }

    Track track() {
        return track;
    }

    void offer(LiveMessage message, boolean twiceOrEarly) {
        if (twiceOrEarly) {
            queue.addFirst(message);
        }
        queue.addLast(message);
    }

    void hintFinished() {
        hinted = true;
    }

    void step() {
        if (inHand != null && random.nextBoolean()) {
            apply();
        } else if (hinted && random.nextBoolean()) {
            hinted = false;
            take(reader.onFinishedHint());
        } else if (wanted && inHand == null && random.nextInt(3) == 0) {
            look();
        } else if (!queue.isEmpty()) {
            hear(queue.removeFirst());
        } else if (random.nextInt(6) == 0) {
            lookAtProgress();
        }
    }

    /** R6. */
    void lookAtProgress() {
        wanted |= reader.trails(db.known(run()));
    }

    /** All that a resync can give now. */
    void resync() {
        if (inHand != null) {
            apply();
        }
        wanted = true;
        for (int i = 0; i < 4 && wanted; i++) {
            look();
            apply();
        }
    }

    private void look() {
        inHand = db.snapshot(run(), reader.lastIdx());
        epochBefore = reader.epoch();
    }

    private void apply() {
        var snapshot = inHand;
        inHand = null;
        wanted = reader.epoch() != epochBefore;
        if (wanted) {
            return;
        }
        take(reader.onSnapshot(snapshot));
        checkNothingIsLost(snapshot);
        if (visibility == Visibility.LIVE && !reader.ended()) {
            bus.replay(run(), reader.replayAfter().orElse(0)).ifPresent(all -> all.forEach(d -> hear(d.message())));
        }
    }

    private void hear(LiveMessage message) {
        if (message instanceof LiveMessage.Batch batch) {
            batch.records().forEach(r -> delivered.add(key(batch.epoch(), batch.claim8(), r.idx())));
        }
        take(reader.onMessage(message));
    }

    private void take(List<Step> steps) {
        wanted |= steps.stream().anyMatch(Step.Resync.class::isInstance);
        track.apply(steps);
        if (!steps.isEmpty()) {
            check();
        }
    }

    /** I8 and I9: what a node shows has no hole, no decreasing epoch and nothing that a known epoch has voided. */
    private void check() {
        long before = 0;
        int idx = 0;
        var shown = track.all();
        for (var r : shown) {
            Violation.unless(r.idx() == ++idx, "I9 a hole or a repeat is shown");
            Violation.unless(r.epoch() >= before, "I8 the epoch decreases in a view");
            before = r.epoch();
        }
        for (var b : db.row(run()).bases) {
            if (b.epoch() <= reader.epoch() && b.base() < shown.size()) {
                Violation.unless(shown.get(b.base()).epoch() >= b.epoch(), "I9 a void record is shown");
            }
        }
        Violation.unless(idx == reader.lastIdx(), "the track and its reader disagree");
    }

    /** What was delivered and follows what is committed is shown: a hole heals, and the tail is live again. */
    private void checkNothingIsLost(RunSnapshot snapshot) {
        if (reader.ended() || snapshot.terminal().isPresent() || reader.lastIdx() < snapshot.committedIdx()) {
            return;
        }
        var author = snapshot.openedClaim().map(LiveMessage::claim8).orElse("");
        int reachable = snapshot.committedIdx();
        while (delivered.contains(key(snapshot.openedEpoch(), author, reachable + 1))) {
            reachable++;
        }
        Violation.unless(
                reader.lastIdx() >= reachable, "R5 a delivered record was dropped and the tail does not rejoin");
    }

    private static String key(long epoch, String claim8, int idx) {
        return epoch + "/" + claim8 + "/" + idx;
    }
}
