package dev.continuo.log;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;

/** One thread and its runs, with the statements an owner uses, and the invariants of what is stored. */
final class SimDatabase {
    enum State {
        WAITING,
        READY,
        RUNNING,
        FINISHED
    }

    static final class Row {
        final UUID run;
        final long turn;
        final List<EpochBase> bases = new ArrayList<>();
        final List<LogRecord> log = new ArrayList<>();
        final List<Segment> segments = new ArrayList<>();
        State state = State.WAITING;
        long epoch;
        UUID claim;
        boolean cancelRequested;
        Optional<List<String>> said = Optional.empty();
        boolean segmentsKept = true;
        Optional<Terminal> terminal = Optional.empty();

        Row(UUID run, long turn) {
            this.run = run;
            this.turn = turn;
        }

        int committed() {
            return log.size();
        }

        long opened() {
            return bases.isEmpty() ? 0 : bases.getLast().epoch();
        }

        boolean isMine(long e, UUID c) {
            return state == State.RUNNING && epoch == e && c.equals(claim);
        }
    }

    sealed interface Flushed {
        record Committed() implements Flushed {}

        record Mine(int committed) implements Flushed {}

        record Lost() implements Flushed {}
    }

    private final Random random;
    private final Mechanisms.Fencing fencing;
    private final UUID thread;
    final List<Row> rows = new ArrayList<>();
    int adoptions;

    SimDatabase(Random random, Mechanisms.Fencing fencing) {
        this.random = random;
        this.fencing = fencing;
        this.thread = uuid();
    }

    UUID uuid() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    void post() {
        rows.add(new Row(uuid(), rows.size() + 1));
        promote();
    }

    Row row(UUID run) {
        return rows.stream().filter(r -> r.run.equals(run)).findFirst().orElseThrow();
    }

    Optional<Row> seat() {
        return rows.stream().filter(r -> r.state != State.FINISHED).findFirst();
    }

    void claim(Row row) {
        row.epoch++;
        row.claim = uuid();
        row.state = State.RUNNING;
    }

    boolean open(Row row, long epoch, UUID claim, Adoption adoption) {
        if (!row.isMine(epoch, claim)) {
            return false;
        }
        adoption.segment().ifPresent(segment -> {
            Violation.unless(segment.first() == row.committed() + 1, "adopted records leave a hole");
            insert(row, segment);
            adoptions++;
        });
        Violation.unless(adoption.base() == row.committed(), "Open lowered what is committed");
        row.bases.add(new EpochBase(
                epoch,
                adoption.base(),
                Optional.of(claim),
                adoption.voided(),
                adoption.voidedUnknown(),
                row.bases.isEmpty() ? "claim" : "takeover"));
        check(row);
        return true;
    }

    boolean fork(Row row, long epoch, UUID claim, int base) {
        if (!row.isMine(epoch, claim)) {
            return false;
        }
        row.epoch++;
        row.log.subList(base, row.committed()).clear();
        trim(row, base);
        row.bases.add(new EpochBase(row.epoch, base, Optional.of(claim), OptionalInt.empty(), false, "fork"));
        check(row);
        return true;
    }

    Flushed flush(Row row, long epoch, UUID claim, Segment segment) {
        if (fencing == Mechanisms.Fencing.OFF && row.state == State.RUNNING) {
            unfenced(row, segment);
            return new Flushed.Committed();
        }
        if (!row.isMine(epoch, claim)) {
            return new Flushed.Lost();
        }
        if (row.committed() != segment.first() - 1) {
            return new Flushed.Mine(row.committed());
        }
        insert(row, segment);
        check(row);
        return new Flushed.Committed();
    }

    boolean finish(Row row, long epoch, UUID claim) {
        if (!row.isMine(epoch, claim) && !(fencing == Mechanisms.Fencing.OFF && row.state == State.RUNNING)) {
            return false;
        }
        Violation.unless(
                row.cancelRequested || AnswerParts.fold(row.log).text().equals(String.join("", row.said.orElseThrow())),
                "I8 the stored text is not what one call said");
        end(row, row.cancelRequested ? "cancelled" : "completed");
        return true;
    }

    void giveBack(Row row) {
        row.state = State.READY;
    }

    /** A cancel; at once where nobody owns the run. */
    void cancel(Row row) {
        if (row.state == State.FINISHED) {
            return;
        }
        row.cancelRequested = true;
        if (row.state == State.RUNNING) {
            return;
        }
        if (row.epoch > 0) {
            row.epoch++;
            row.bases.add(
                    new EpochBase(row.epoch, row.committed(), Optional.empty(), OptionalInt.empty(), true, "cancel"));
            if (row.committed() == 0) {
                append(row, Chunks.start(row.run));
            }
        }
        end(row, "cancelled");
    }

    void forgetSegments(Row row) {
        row.segmentsKept = row.state != State.FINISHED;
    }

    RunSnapshot snapshot(UUID run, int above) {
        var row = row(run);
        return new RunSnapshot(
                run,
                thread,
                row.state == State.WAITING || row.state == State.READY,
                row.opened(),
                row.bases.isEmpty() ? Optional.empty() : row.bases.getLast().claim(),
                row.committed(),
                row.bases,
                row.segmentsKept
                        ? row.segments.stream().filter(s -> s.last() > above).toList()
                        : List.of(),
                row.terminal,
                row.segmentsKept);
    }

    Known known(UUID run) {
        var row = row(run);
        return new Known(row.opened(), row.committed(), row.state == State.FINISHED);
    }

    ThreadReader.Now now() {
        var last = rows.stream()
                .filter(r -> r.state == State.FINISHED && r.epoch > 0)
                .max(Comparator.comparingLong(r -> r.turn));
        return new ThreadReader.Now(
                last.map(r -> Cursor.end(r.run, r.terminal.orElseThrow().epoch())),
                last.map(r -> r.turn).orElse(0L));
    }

    /** Claimed runs above a turn, in order. */
    List<ThreadReader.Claimed> claimedAfter(long turn) {
        return rows.stream()
                .filter(r -> r.turn > turn && r.epoch > 0)
                .map(r -> new ThreadReader.Claimed(r.run, r.turn, r.state == State.FINISHED))
                .toList();
    }

    private void end(Row row, String state) {
        Violation.unless(row.terminal.isEmpty(), "two terminals");
        if (row.epoch > 0) {
            if (state.equals("cancelled")) {
                append(row, Chunks.abort());
            }
            append(row, Chunks.finish(Optional.empty()));
            check(row);
        }
        row.state = State.FINISHED;
        row.terminal = Optional.of(new Terminal(
                state,
                row.epoch,
                row.committed(),
                AnswerParts.fold(row.log).sha256(),
                Optional.empty(),
                row.run,
                Optional.empty(),
                Optional.empty()));
        promote();
    }

    private void append(Row row, Chunk chunk) {
        var last = List.of(new LogRecord(row.committed() + 1, row.opened(), chunk.json()));
        insert(row, Segment.of(last, OptionalLong.empty()).orElseThrow());
    }

    private void insert(Row row, Segment segment) {
        row.segments.add(segment);
        row.log.addAll(RecordCodec.decode(segment));
    }

    private void unfenced(Row row, Segment segment) {
        int keep = Math.min(segment.first() - 1, row.committed());
        Violation.unless(keep == segment.first() - 1, "a hole in the stored log");
        row.log.subList(keep, row.committed()).clear();
        trim(row, keep);
        insert(row, segment);
        check(row);
    }

    private static void trim(Row row, int base) {
        row.segments.removeIf(s -> s.first() > base);
        if (!row.segments.isEmpty() && row.segments.getLast().last() > base) {
            var cut = row.segments.removeLast();
            var kept = RecordCodec.decode(cut).subList(0, base - cut.first() + 1);
            row.segments.add(Segment.of(kept, cut.jsSeq()).orElseThrow());
        }
    }

    private void promote() {
        seat().filter(r -> r.state == State.WAITING).ifPresent(r -> r.state = State.READY);
    }

    /** I5 to I8 of what is stored. */
    private static void check(Row row) {
        long before = 0;
        for (int i = 0; i < row.log.size(); i++) {
            var r = row.log.get(i);
            Violation.unless(r.idx() == i + 1, "I6 a hole or a repeat in the stored log");
            Violation.unless(r.epoch() >= before, "I8 the epoch decreases in the stored log");
            before = r.epoch();
            for (var b : row.bases) {
                Violation.unless(r.epoch() >= b.epoch() || r.idx() <= b.base(), "I7 a void record is stored");
            }
        }
        for (int i = 1; i < row.bases.size(); i++) {
            Violation.unless(row.bases.get(i).epoch() > row.bases.get(i - 1).epoch(), "I5 epochs do not increase");
        }
    }
}
