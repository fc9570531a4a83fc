package dev.continuo.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;

/** A client that applies frames, and the server's end of its connection, which is forgotten at every reconnect. */
final class SimWatcher {
    private static final int CALM = 60;

    private final Random random;
    private final WatcherModel world;
    private final SimTail.Visibility visibility;
    private final Map<UUID, List<LogRecord>> views = new HashMap<>();
    private final TreeSet<Long> endedTurns = new TreeSet<>();
    private Optional<String> cursor;
    private boolean begun;
    private ThreadReader thread;
    private SimTail tail;
    private Track.Spot spot;
    int rewinds;

    SimWatcher(Random random, WatcherModel world, SimTail.Visibility visibility) {
        this.random = random;
        this.world = world;
        this.visibility = visibility;
        this.cursor = random.nextBoolean() ? Optional.of("0") : Optional.empty();
    }

    SimTail tail() {
        return tail;
    }

    void disconnect() {
        thread = null;
        tail = null;
    }

    /** Whether this watcher has seen the end of everything that was claimed. */
    boolean isDone() {
        return begun
                && tail == null
                && thread != null
                && world.db().claimedAfter(thread.turn()).isEmpty();
    }

    void step() {
        if (thread == null) {
            connect();
        } else if (tail == null) {
            show(thread.next(world.db().claimedAfter(thread.turn()), world.db().now()));
        } else {
            read();
        }
    }

    private void connect() {
        var asked =
                switch (ThreadReader.Asked.of(cursor)) {
                    case ThreadReader.Asked.Since(Cursor c, OptionalLong _) ->
                        new ThreadReader.Asked.Since(
                                c, OptionalLong.of(world.db().row(c.run()).turn));
                    case ThreadReader.Asked other -> other;
                };
        var now = world.db().now();
        var first = ThreadReader.begin(asked, now, world.db().claimedAfter(now.lastFinishedTurn()));
        thread = first.reader();
        if (!begun) {
            for (long turn = 1; turn <= thread.turn(); turn++) {
                endedTurns.add(turn);
            }
            begun = true;
        }
        show(first.first());
    }

    private void show(ThreadReader.Next next) {
        switch (next) {
            case ThreadReader.Next.Show(UUID run, Optional<Cursor> from) -> attach(run, from);
            case ThreadReader.Next.Stored(UUID run) -> {
                stored(run);
                terminal(run);
            }
            case ThreadReader.Next.Here(Optional<Cursor> now) ->
                cursor = Optional.of(now.map(Cursor::toString).orElse("0"));
            case ThreadReader.Next.Open(Optional<Cursor> now) ->
                cursor = Optional.of(now.map(Cursor::toString).orElse("0"));
            case ThreadReader.Next.Reset _ -> throw new Violation("a reset without a reason");
            case ThreadReader.Next.Quiet _ -> {}
        }
    }

    private void attach(UUID run, Optional<Cursor> from) {
        tail = world.tail(run, visibility);
        tail.resync();
        var view = views.computeIfAbsent(run, _ -> new ArrayList<>());
        var placed = from.map(c -> world.mechanisms()
                        .placing()
                        .place(c, tail.reader(), tail.track().terminal()))
                .orElse(new Placement.After(0));
        switch (placed) {
            case Placement.After(int idx) -> join(view, idx);
            case Placement.Ahead(int idx) -> join(view, idx);
            case Placement.RewindTo(int to, String reason) -> {
                rewind(view, to, tail.reader().epoch(), reason);
                spot = tail.track().join(to);
            }
            case Placement.Finished() -> {
                Violation.unless(endedTurns.contains(world.db().row(run).turn), "an end that was never shown");
                thread.ended();
                tail = null;
            }
            case Placement.Replaced() -> {
                stored(run);
                terminal(run);
            }
        }
    }

    private void join(List<LogRecord> view, int idx) {
        Violation.unless(view.size() == idx, "I9 the cursor names another idx than the view ends with");
        spot = tail.track().join(idx);
    }

    private void read() {
        var view = views.get(tail.run());
        apply(tail.track().read(spot, 1 + random.nextInt(6)), view);
    }

    private void apply(Track.Reading reading, List<LogRecord> view) {
        var run = tail.run();
        switch (reading) {
            case Track.Reading.Records(var records, var next) -> {
                records.forEach(r -> add(view, r));
                spot = next;
            }
            case Track.Reading.Rewound(int to, long epoch, String reason, var next) -> {
                rewind(view, to, epoch, reason);
                spot = next;
            }
            case Track.Reading.Over _ -> terminal(run);
            case Track.Reading.Replaced _ -> {
                stored(run);
                terminal(run);
            }
            case Track.Reading.Quiet() -> quiet(view);
        }
    }

    private void quiet(List<LogRecord> view) {
        if (tail.reader().ended()) {
            terminal(tail.run());
        } else if (spot.idx() > tail.track().lastIdx() && random.nextInt(4) == 0) {
            tail.resync();
            if (!tail.reader().ended()) {
                apply(tail.track().settle(spot, tail.reader().epoch()), view);
            }
        }
    }

    private void add(List<LogRecord> view, LogRecord r) {
        Violation.unless(r.idx() == view.size() + 1, "I9 a hole or a repeat in a view");
        Violation.unless(view.isEmpty() || view.getLast().epoch() <= r.epoch(), "I8 the epoch decreases in a view");
        view.add(r);
        cursor = Optional.of(new Cursor(tail.run(), r.epoch(), r.idx()).toString());
    }

    /** I11: something is taken back only where a later epoch voided it, and no more of it than that. */
    private void rewind(List<LogRecord> view, int to, long epoch, String reason) {
        Violation.unless(to < view.size(), "I11 a rewind to what the view already is");
        var row = world.db().row(tail.run());
        long first = view.get(to).epoch();
        boolean voided = row.bases.stream()
                .anyMatch(b -> b.epoch() > first && b.epoch() <= tail.reader().epoch() && b.base() == to);
        boolean unknown = reason.equals("unknown-idx") && tail.track().lastIdx() == to;
        boolean end = row.terminal.filter(t -> t.n() == to).isPresent();
        Violation.unless(voided || unknown || end, "I11 a rewind that no epoch asks for: " + reason);
        Violation.unless(
                visibility == SimTail.Visibility.LIVE
                        || row.bases.stream().anyMatch(b -> b.reason().equals("fork") && b.base() == to),
                "a committed view was rewound without a fork to " + to + " of " + view + " " + reason + " "
                        + row.bases);
        view.subList(to, view.size()).clear();
        cursor = Optional.of(new Cursor(tail.run(), epoch, to).toString());
        rewinds++;
    }

    private void stored(UUID run) {
        views.put(run, new ArrayList<>(world.db().row(run).log));
    }

    /** I10, and R7: the terminals of a thread come in order and none is left out. */
    private void terminal(UUID run) {
        var row = world.db().row(run);
        var terminal = row.terminal.orElseThrow(() -> new Violation("I3 a terminal of an unfinished run was shown"));
        var view = views.get(run);
        Violation.unless(
                view.equals(row.log),
                "I10 the view differs from the stored text " + view + "\n" + row.log + "\n" + row.bases + visibility
                        + terminal + row.segmentsKept);
        Violation.unless(
                random.nextInt(CALM) > 0 || AnswerParts.fold(view).sha256().equals(terminal.sha256()), "I10 sha256");
        for (var earlier : world.db().rows) {
            Violation.unless(
                    earlier.turn >= row.turn || earlier.epoch == 0 || endedTurns.contains(earlier.turn),
                    "R7 a terminal was skipped");
        }
        endedTurns.add(row.turn);
        cursor = Optional.of(Cursor.end(run, terminal.epoch()).toString());
        thread.ended();
        tail = null;
    }
}
