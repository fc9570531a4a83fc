package dev.continuo.attach;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.continuo.log.EpochBase;
import dev.continuo.log.Known;
import dev.continuo.log.LiveMessage;
import dev.continuo.log.LogRecord;
import dev.continuo.log.RunSnapshot;
import dev.continuo.log.Segment;
import dev.continuo.log.Terminal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/** One run with its owner: what the owner commits shows in snapshots, what it publishes goes to the broker. */
final class FakeRun implements StoredRuns {
    final UUID thread = UUID.randomUUID();
    final UUID id;
    private final FakeLive live;
    private final List<EpochBase> bases = new ArrayList<>();
    private final List<LogRecord> log = new ArrayList<>();
    private int committed;
    private OptionalLong jsSeq = OptionalLong.empty();
    private Optional<Terminal> terminal = Optional.empty();
    private boolean kept = true;
    private volatile boolean away;
    private int reads;

    FakeRun(FakeLive live) {
        this(live, UUID.randomUUID());
    }

    FakeRun(FakeLive live, UUID id) {
        this.live = live;
        this.id = id;
    }

    /** In PostgreSQL only. */
    synchronized long opens(int base) {
        long epoch = bases.size() + 1;
        while (log.size() > base) {
            log.removeLast();
        }
        committed = Math.min(committed, base);
        bases.add(new EpochBase(epoch, base, Optional.of(UUID.randomUUID()), OptionalInt.empty(), false, "takeover"));
        return epoch;
    }

    synchronized void marks() {
        var base = bases.getLast();
        live.publish(thread, id, new LiveMessage.Marker(base.epoch(), claim8(), base.base(), base.reason()), 0);
    }

    /** New records of the last epoch, published in one message. */
    synchronized void says(String... texts) {
        live.publish(thread, id, batch(append(texts)), 0);
    }

    synchronized void saysUnheard(String... texts) {
        live.publishUnheard(id, batch(append(texts)));
    }

    /** The broker is never told. */
    synchronized void thinks(String... texts) {
        append(texts);
    }

    synchronized void commits() {
        committed = log.size();
    }

    synchronized void finishes() {
        append("finish");
        commits();
        terminal = Optional.of(new Terminal(
                "completed",
                epoch(),
                committed,
                Optional.of("ab12"),
                Optional.of("{\"input\":1}"),
                new UUID(0, 1),
                Optional.of(new UUID(0, 2)),
                Optional.empty()));
    }

    synchronized void isCancelledInTheQueue() {
        terminal = Optional.of(new Terminal(
                "cancelled",
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                new UUID(0, 1),
                Optional.empty(),
                Optional.empty()));
    }

    synchronized void losesItsSegments() {
        kept = false;
    }

    void goAway() {
        away = true;
    }

    void comeBack() {
        away = false;
    }

    synchronized int reads() {
        return reads;
    }

    synchronized boolean isOpened() {
        return !bases.isEmpty();
    }

    synchronized long epoch() {
        return bases.getLast().epoch();
    }

    private String claim8() {
        return LiveMessage.claim8(bases.getLast().claim().orElseThrow());
    }

    private LiveMessage batch(List<LogRecord> records) {
        return new LiveMessage.Batch(epoch(), claim8(), records);
    }

    private List<LogRecord> append(String... texts) {
        int from = log.size();
        for (var text : texts) {
            log.add(new LogRecord(log.size() + 1, epoch(), ("{\"t\":\"" + text + "\"}").getBytes(UTF_8)));
        }
        return List.copyOf(log.subList(from, log.size()));
    }

    @Override
    public synchronized Optional<RunSnapshot> snapshot(UUID run, int aboveIdx) {
        fail();
        reads++;
        if (!run.equals(id)) {
            return Optional.empty();
        }
        var segments = new ArrayList<Segment>();
        for (var r : kept ? log.subList(0, committed) : List.<LogRecord>of()) {
            if (r.idx() > aboveIdx) {
                Segment.of(List.of(r), jsSeq).ifPresent(segments::add);
            }
        }
        return Optional.of(new RunSnapshot(
                id,
                thread,
                bases.isEmpty(),
                bases.size(),
                bases.isEmpty() ? Optional.empty() : bases.getLast().claim(),
                committed,
                bases,
                segments,
                terminal,
                kept));
    }

    @Override
    public synchronized Map<UUID, Known> known(Collection<UUID> runs) {
        fail();
        return runs.contains(id) ? Map.of(id, new Known(bases.size(), committed, terminal.isPresent())) : Map.of();
    }

    private void fail() {
        if (away) {
            throw new IllegalStateException("PostgreSQL is away");
        }
    }
}
