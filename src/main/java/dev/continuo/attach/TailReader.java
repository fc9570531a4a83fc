package dev.continuo.attach;

import dev.continuo.attach.TailView.Cut;
import dev.continuo.log.Cursor;
import dev.continuo.log.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * One watcher's place in a tail: the idx it has, and how many rewinds it knows of. Asked by one thread, it never
 * blocks; after {@link Reading.Nothing} the signal it was opened with is raised once there may be something. To be
 * closed, so that the tail can end.
 */
public final class TailReader implements AutoCloseable {
    private static final Reading NOTHING = new Reading.Nothing();

    private final Tail tail;
    private final From from;
    private final Signal signal;
    private final long looksAtStart;
    private boolean placed;
    private long looksWhenAhead = -1;
    private int idx;
    private long epoch;
    private int cutsSeen;

    TailReader(Tail tail, From from, Signal signal) {
        this.tail = tail;
        this.from = from;
        this.signal = signal;
        this.looksAtStart = tail.looksBegun();
    }

    public UUID run() {
        return tail.run();
    }

    /** The last idx that was given. */
    public int idx() {
        return idx;
    }

    /** Where this reader stands, as its client should hold it. */
    public Cursor cursor() {
        return new Cursor(run(), epoch, idx);
    }

    public TailView view() {
        return tail.view();
    }

    /** The tail should look at PostgreSQL soon. */
    public void hurry() {
        tail.hurry();
    }

    public Reading poll() {
        var view = tail.view();
        if (view.deleted()) {
            return new Reading.Deleted();
        }
        if (!view.ready()) {
            return NOTHING;
        }
        return placed ? read(view) : place(view);
    }

    private Reading place(TailView view) {
        return switch (from) {
            case From.After(int start) -> begin(start, start == 0 ? 0 : view.epoch(), view);
            case From.At(Cursor cursor) -> place(cursor);
        };
    }

    private Reading place(Cursor cursor) {
        var p = tail.place(cursor);
        return switch (p.placement()) {
            case Placement.After(int to) -> begin(to, cursor.epoch(), p.view());
            case Placement.Finished() -> begin(p.view().n(), cursor.epoch(), p.view());
            case Placement.Replaced() -> begin(0, 0, p.view());
            case Placement.RewindTo(int to, String reason) ->
                lookedSinceStart() ? rewind(to, reason, cursor, p.view()) : ask();
            case Placement.Ahead(int to) -> lookedSinceStart() ? begin(to, cursor.epoch(), p.view()) : ask();
        };
    }

    /** What this node does not know may be news to it: a cursor is only judged by a look taken after it came. */
    private boolean lookedSinceStart() {
        return tail.looksDone() > looksAtStart || tail.over();
    }

    private Reading ask() {
        tail.hurry();
        return NOTHING;
    }

    private Reading begin(int at, long atEpoch, TailView view) {
        placed = true;
        idx = at;
        epoch = atEpoch;
        cutsSeen = view.cuts().size();
        return read(view);
    }

    private Reading rewind(int to, String reason, Cursor cursor, TailView view) {
        placed = true;
        idx = to;
        epoch = view.epoch();
        cutsSeen = view.cuts().size();
        int had = cursor.idx();
        return to < had && !view.vanished() ? new Reading.Rewound(to, epoch, reason) : read(view);
    }

    private Reading read(TailView view) {
        var cut = unseenCut(view.cuts());
        if (cut != null) {
            return rewound(cut.to(), view.epoch(), cut.reason());
        }
        if (view.vanished() && idx < view.terminal().orElseThrow().n()) {
            return new Reading.Vanished(view.terminal().get());
        }
        if (idx < view.n()) {
            return records(view);
        }
        if (view.terminal().isPresent()) {
            int n = view.terminal().get().n();
            return idx > n ? rewound(n, view.terminal().get().epoch(), "unknown-idx") : ended(view);
        }
        return idx > view.n() ? ahead(view) : NOTHING;
    }

    private static Reading ended(TailView view) {
        return new Reading.Ended(view.terminal().orElseThrow());
    }

    /** The lowest of the rewinds this watcher has not seen, if it is above it. */
    private Cut unseenCut(List<Cut> cuts) {
        Cut lowest = null;
        for (; cutsSeen < cuts.size(); cutsSeen++) {
            var cut = cuts.get(cutsSeen);
            if (cut.to() < (lowest == null ? idx : lowest.to())) {
                lowest = cut;
            }
        }
        return lowest;
    }

    private Reading records(TailView view) {
        var frames = new ArrayList<Frame>();
        int bytes = 0;
        while (idx < view.n() && bytes < Batch.FULL) {
            var frame = view.frame(++idx);
            frames.add(frame);
            bytes += frame.size();
        }
        epoch = frames.getLast().epoch();
        return new Reading.Records(frames);
    }

    /** The client was shown more than PostgreSQL and the broker have; one more look, then what is known counts. */
    private Reading ahead(TailView view) {
        if (looksWhenAhead < 0) {
            looksWhenAhead = tail.looksBegun();
            tail.expect();
        }
        return tail.looksDone() > looksWhenAhead ? rewound(view.n(), view.epoch(), "unknown-idx") : NOTHING;
    }

    private Reading rewound(int to, long newEpoch, String reason) {
        idx = to;
        epoch = newEpoch;
        looksWhenAhead = -1;
        return new Reading.Rewound(to, newEpoch, reason);
    }

    @Override
    public void close() {
        tail.leave(signal);
    }
}
