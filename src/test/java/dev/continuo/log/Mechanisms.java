package dev.continuo.log;

import java.util.List;
import java.util.Optional;

/** What a schedule runs with: everything, or everything but one. */
record Mechanisms(String name, ReaderRules rules, Fencing fencing, Placing placing) {
    enum Fencing {
        ON,
        OFF
    }

    interface Placing {
        Placement place(Cursor cursor, RunReader reader, Optional<Terminal> terminal);
    }

    static final Mechanisms ALL = new Mechanisms("all", ReaderRules.ALL, Fencing.ON, Positions::place);

    static List<Mechanisms> mutants() {
        return List.of(
                new Mechanisms("no database fence", ReaderRules.ALL, Fencing.OFF, Positions::place),
                without("no epoch filter", new ReaderRules() {
                    @Override
                    boolean isOfThePast(LiveMessage message, long epoch) {
                        return false;
                    }
                }),
                without("no idx check", new ReaderRules() {
                    @Override
                    Optional<List<LogRecord>> following(LiveMessage.Batch batch, int lastIdx) {
                        return Optional.of(batch.records());
                    }
                }),
                without("held records dropped", new ReaderRules() {
                    @Override
                    boolean holds(LiveMessage.Batch batch) {
                        return false;
                    }
                }),
                without("no rewind", new ReaderRules() {
                    @Override
                    int rewound(int lastIdx, int base) {
                        return lastIdx;
                    }
                }),
                new Mechanisms(
                        "cursor without epoch",
                        ReaderRules.ALL,
                        Fencing.ON,
                        (cursor, reader, terminal) -> cursor.isEnd()
                                ? Positions.place(cursor, reader, terminal)
                                : new Placement.After(cursor.idx())),
                without("marker over a missing epoch", new ReaderRules() {
                    @Override
                    boolean opensNext(LiveMessage.Marker marker, long epoch, int lastIdx) {
                        return marker.epoch() > epoch && marker.base() <= lastIdx;
                    }
                }),
                without("terminal believed from the bus", new ReaderRules() {
                    @Override
                    boolean believesHints() {
                        return true;
                    }
                }));
    }

    private static Mechanisms without(String name, ReaderRules rules) {
        return new Mechanisms(name, rules, Fencing.ON, Positions::place);
    }
}
