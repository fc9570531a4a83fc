package dev.continuo.log;

import dev.continuo.log.LiveMessage.Batch;
import dev.continuo.log.LiveMessage.Marker;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Rules R2 to R8 for one run: takes what the bus delivers and what PostgreSQL says, in any order the world comes up
 * with, and answers with the {@link Step}s that keep a view equal to the stored text. One thread at a time; a snapshot
 * is only of use if {@link #epoch} did not change while it was read: an older one would look like a lost epoch.
 */
public final class RunReader {
    private final UUID run;
    private final ReaderRules rules;
    private final HeldBatches held = new HeldBatches();
    private final TreeMap<Long, Integer> bases = new TreeMap<>();
    private long epoch;
    private Optional<String> author = Optional.empty();
    private int lastIdx;
    private OptionalLong replayAfter = OptionalLong.empty();
    private boolean ended;
    private boolean replaced;

    public RunReader(UUID run) {
        this(run, ReaderRules.ALL);
    }

    RunReader(UUID run, ReaderRules rules) {
        this.run = run;
        this.rules = rules;
    }

    /** A reader that has shown everything up to {@code idx} already, as of this snapshot. */
    public static RunReader after(int idx, RunSnapshot snapshot) {
        return after(idx, snapshot, ReaderRules.ALL);
    }

    static RunReader after(int idx, RunSnapshot snapshot, ReaderRules rules) {
        if (idx > snapshot.committedIdx()) {
            throw new IllegalArgumentException(idx + " is above what is committed: " + snapshot.committedIdx());
        }
        var reader = new RunReader(snapshot.run(), rules);
        reader.adopt(snapshot);
        reader.lastIdx = idx;
        return reader;
    }

    public UUID run() {
        return run;
    }

    /** The last opened epoch this reader knows; 0 before the first. */
    public long epoch() {
        return epoch;
    }

    public int lastIdx() {
        return lastIdx;
    }

    public boolean ended() {
        return ended;
    }

    /** Whether it ended with the stored message in place of records. */
    public boolean replaced() {
        return replaced;
    }

    /** The base of every epoch this reader knows. */
    public SortedMap<Long, Integer> bases() {
        return Collections.unmodifiableSortedMap(bases);
    }

    /** The stream sequence after which a replay misses nothing that PostgreSQL lacks; empty: from the start. */
    public OptionalLong replayAfter() {
        return replayAfter;
    }

    /** R6: whether PostgreSQL leads, so that a resync is due even though the bus is silent. */
    public boolean trails(Known known) {
        return !ended && (known.finished() || known.openedEpoch() != epoch || known.committedIdx() > lastIdx);
    }

    public List<Step> onMessage(LiveMessage message) {
        var steps = new ArrayList<Step>();
        if (ended || rules.isOfThePast(message, epoch)) {
            return steps;
        }
        switch (message) {
            case Batch batch -> onBatch(batch, steps);
            case Marker marker -> onMarker(marker, steps);
        }
        return steps;
    }

    /** Somebody says that the run is finished. That is a reason to look, and nothing else. */
    public List<Step> onFinishedHint() {
        var steps = new ArrayList<Step>();
        if (!ended) {
            steps.add(new Step.Resync());
            ended = rules.believesHints();
        }
        return steps;
    }

    public List<Step> onSnapshot(RunSnapshot snapshot) {
        var steps = new ArrayList<Step>();
        if (ended) {
            return steps;
        }
        if (!knowsMyEpoch(snapshot)) {
            open(snapshot.openedEpoch(), 0, "unknown-epoch", steps);
        } else if (snapshot.openedEpoch() > epoch) {
            openLatest(snapshot, steps);
        }
        takeSegments(snapshot, steps);
        adopt(snapshot);
        if (snapshot.terminal().isPresent()) {
            end(snapshot, snapshot.terminal().get(), steps);
            return steps;
        }
        if (lastIdx < snapshot.committedIdx()) {
            steps.add(new Step.Resync());
        }
        takeHeld(steps);
        return steps;
    }

    private void onBatch(Batch batch, List<Step> steps) {
        if (batch.epoch() == epoch && !isAuthor(batch.claim8())) {
            return;
        }
        if (batch.epoch() > epoch || !take(batch, steps)) {
            hold(batch);
            steps.add(new Step.Resync());
        } else {
            takeHeld(steps);
        }
    }

    private void onMarker(Marker marker, List<Step> steps) {
        if (marker.epoch() == epoch && isAuthor(marker.claim8())) {
            return;
        }
        if (rules.opensNext(marker, epoch, lastIdx)) {
            open(marker.epoch(), marker.base(), marker.reason(), steps);
            author = Optional.of(marker.claim8());
            bases.put(marker.epoch(), marker.base());
            takeHeld(steps);
        } else {
            steps.add(new Step.Resync());
        }
    }

    /** False after a failover that lost the epoch, or gave its number to another claim. */
    private boolean knowsMyEpoch(RunSnapshot snapshot) {
        return epoch == 0
                || snapshot.bases().stream()
                        .anyMatch(b -> b.epoch() == epoch
                                && b.claim().map(LiveMessage::claim8).equals(author));
    }

    private void openLatest(RunSnapshot snapshot, List<Step> steps) {
        var lowest = snapshot.bases().stream()
                .filter(b -> b.epoch() > epoch)
                .min((a, b) -> Integer.compare(a.base(), b.base()))
                .orElseThrow(() -> new IllegalStateException("run " + run + " has no base for its last epoch"));
        open(snapshot.openedEpoch(), lowest.base(), lowest.reason(), steps);
    }

    private void open(long next, int base, String reason, List<Step> steps) {
        int to = rules.rewound(lastIdx, base);
        steps.add(to < lastIdx ? new Step.Rewind(to, next, reason) : new Step.Opened(next, base, reason));
        lastIdx = to;
        epoch = next;
    }

    private void adopt(RunSnapshot snapshot) {
        epoch = snapshot.openedEpoch();
        author = snapshot.openedClaim().map(LiveMessage::claim8);
        bases.clear();
        snapshot.bases().forEach(b -> bases.put(b.epoch(), b.base()));
        for (var segment : snapshot.segments()) {
            replayAfter = segment.jsSeq().isPresent() ? segment.jsSeq() : replayAfter;
        }
    }

    private void takeSegments(RunSnapshot snapshot, List<Step> steps) {
        for (var segment : snapshot.segments()) {
            if (segment.last() <= lastIdx) {
                continue;
            }
            if (segment.first() > lastIdx + 1) {
                return;
            }
            var records = RecordCodec.decode(segment);
            emit(records.subList(lastIdx + 1 - segment.first(), records.size()), steps);
        }
    }

    private void end(RunSnapshot snapshot, Terminal terminal, List<Step> steps) {
        if (lastIdx > terminal.n()) {
            lastIdx = terminal.n();
            steps.add(new Step.Rewind(lastIdx, terminal.epoch(), "end"));
        }
        if (lastIdx < terminal.n() && snapshot.segmentsKept()) {
            steps.add(new Step.Resync());
            return;
        }
        replaced = lastIdx < terminal.n();
        steps.add(replaced ? new Step.Replaced(terminal) : new Step.Ended(terminal));
        ended = true;
        held.clear();
    }

    private boolean take(Batch batch, List<Step> steps) {
        var next = rules.following(batch, lastIdx);
        next.filter(records -> !records.isEmpty()).ifPresent(records -> emit(records, steps));
        return next.isPresent();
    }

    private void emit(List<LogRecord> records, List<Step> steps) {
        lastIdx = records.getLast().idx();
        steps.add(new Step.Emit(records));
    }

    private void hold(Batch batch) {
        if (rules.holds(batch)) {
            held.add(batch);
        }
    }

    private void takeHeld(List<Step> steps) {
        for (var batch = held.poll(epoch); batch != null; batch = held.poll(epoch)) {
            if (batch.epoch() == epoch && isAuthor(batch.claim8()) && !take(batch, steps)) {
                held.add(batch);
                return;
            }
        }
    }

    private boolean isAuthor(String claim8) {
        return author.filter(claim8::equals).isPresent();
    }
}
