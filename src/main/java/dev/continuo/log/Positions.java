package dev.continuo.log;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Places a client's cursor: epoch e at idx i is good up to the lowest base of all epochs after e, because each of them
 * voided what smaller epochs wrote above its base.
 */
public final class Positions {
    private Positions() {}

    /** Against a snapshot that was read after the client came. */
    public static Placement place(Cursor cursor, RunSnapshot snapshot) {
        var bases = new TreeMap<Long, Integer>();
        snapshot.bases().forEach(b -> bases.put(b.epoch(), b.base()));
        var placed = place(cursor, bases, snapshot.committedIdx(), snapshot.terminal());
        return snapshot.segmentsKept() || snapshot.terminal().isEmpty()
                ? placed
                : withoutSegments(placed, snapshot.terminal().get().n());
    }

    /** Against what a reader knows, after it took a snapshot that was read after the client came. */
    public static Placement place(Cursor cursor, RunReader reader, Optional<Terminal> terminal) {
        if (reader.replaced() && terminal.isPresent()) {
            int n = terminal.get().n();
            return withoutSegments(place(cursor, reader.bases(), n, terminal), n);
        }
        return place(cursor, reader.bases(), reader.lastIdx(), terminal);
    }

    /** Only a client that has all records needs none of those that are gone. */
    private static Placement withoutSegments(Placement placed, int n) {
        return switch (placed) {
            case Placement.After(int idx) when idx == n -> placed;
            case Placement.RewindTo(int to, String _) when to == n -> placed;
            case Placement.Finished _ -> placed;
            case Placement.After _, Placement.RewindTo _, Placement.Ahead _, Placement.Replaced _ ->
                new Placement.Replaced();
        };
    }

    static Placement place(Cursor cursor, SortedMap<Long, Integer> bases, int known, Optional<Terminal> terminal) {
        if (cursor.isEnd()) {
            return terminal.filter(t -> t.epoch() == cursor.epoch()).isPresent()
                    ? new Placement.Finished()
                    : new Placement.RewindTo(0, "unknown-epoch");
        }
        if (cursor.idx() == 0) {
            return new Placement.After(0);
        }
        if (!bases.containsKey(cursor.epoch())) {
            return new Placement.RewindTo(0, "unknown-epoch");
        }
        int to = bases.tailMap(cursor.epoch() + 1).values().stream()
                .mapToInt(Integer::intValue)
                .reduce(cursor.idx(), Math::min);
        if (to < cursor.idx()) {
            return new Placement.RewindTo(to, "takeover");
        }
        if (to <= known) {
            return new Placement.After(to);
        }
        return terminal.isPresent() ? new Placement.RewindTo(known, "unknown-idx") : new Placement.Ahead(to);
    }
}
