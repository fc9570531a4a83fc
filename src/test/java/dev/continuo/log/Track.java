package dev.continuo.log;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What one reader shows of a run, kept for any number of watchers who each read at their own pace: the records, and
 * every cut since the beginning, so that a slow watcher learns of all rewinds it slept through at once. One thread at
 * a time.
 */
final class Track {
    private final List<LogRecord> records = new ArrayList<>();
    private final List<Cut> cuts = new ArrayList<>();
    private Optional<Terminal> terminal = Optional.empty();
    private boolean replaced;

    private record Cut(int to, long epoch, String reason) {}

    /** A watcher's place: the last idx it was given, and how many cuts it knows. */
    record Spot(int idx, int cuts) {}

    /** What a watcher gets next, and its place after it. */
    sealed interface Reading {
        record Records(List<LogRecord> records, Spot next) implements Reading {}

        record Rewound(int to, long epoch, String reason, Spot next) implements Reading {}

        /** Nothing new yet. */
        record Quiet() implements Reading {}

        record Over(Terminal terminal) implements Reading {}

        /** The stored message, then the terminal. */
        record Replaced(Terminal terminal) implements Reading {}
    }

    /** The place of a watcher who joins with all records up to {@code idx}. */
    Spot join(int idx) {
        return new Spot(idx, cuts.size());
    }

    int lastIdx() {
        return records.size();
    }

    /** All records that are shown now. */
    List<LogRecord> all() {
        return Collections.unmodifiableList(records);
    }

    Optional<Terminal> terminal() {
        return terminal;
    }

    void apply(List<Step> steps) {
        for (var step : steps) {
            switch (step) {
                case Step.Emit(var more) -> records.addAll(more);
                case Step.Rewind(int to, long epoch, String reason) -> cut(to, epoch, reason);
                case Step.Opened(long epoch, int base, String reason) -> cuts.add(new Cut(base, epoch, reason));
                case Step.Ended(var end) -> terminal = Optional.of(end);
                case Step.Replaced(var end) -> {
                    terminal = Optional.of(end);
                    replaced = true;
                }
                case Step.Resync() -> {}
            }
        }
    }

    /** At most {@code most} records, or the one thing that comes before them. */
    Reading read(Spot spot, int most) {
        Cut lowest = null;
        for (var cut : cuts.subList(spot.cuts(), cuts.size())) {
            lowest = lowest == null || cut.to() <= lowest.to() ? cut : lowest;
        }
        var now = new Spot(spot.idx(), cuts.size());
        if (lowest != null && lowest.to() < spot.idx()) {
            return new Reading.Rewound(
                    lowest.to(), cuts.getLast().epoch(), lowest.reason(), new Spot(lowest.to(), cuts.size()));
        }
        if (spot.idx() < records.size()) {
            int to = Math.min(records.size(), spot.idx() + most);
            return new Reading.Records(List.copyOf(records.subList(spot.idx(), to)), new Spot(to, now.cuts()));
        }
        if (terminal.isEmpty()) {
            return new Reading.Quiet();
        }
        if (!replaced && spot.idx() > records.size()) {
            return back(terminal.get().epoch());
        }
        return replaced ? new Reading.Replaced(terminal.get()) : new Reading.Over(terminal.get());
    }

    /**
     * For a watcher that joined ahead of everything known (R8), once PostgreSQL was asked again: where nothing else is
     * to be said, it goes back to what is known. A cut it has not seen comes first, or two texts mix.
     */
    Reading settle(Spot spot, long epoch) {
        var reading = read(spot, 1);
        return reading instanceof Reading.Quiet && spot.idx() > records.size() ? back(epoch) : reading;
    }

    private Reading back(long epoch) {
        return new Reading.Rewound(records.size(), epoch, "unknown-idx", join(records.size()));
    }

    private void cut(int to, long epoch, String reason) {
        if (to < records.size()) {
            records.subList(to, records.size()).clear();
        }
        cuts.add(new Cut(to, epoch, reason));
    }
}
