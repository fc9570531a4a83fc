package dev.continuo.attach;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;

import dev.continuo.live.Follow;
import dev.continuo.live.LiveLog;
import dev.continuo.live.LiveUnavailable;
import dev.continuo.log.Cursor;
import dev.continuo.log.EpochBase;
import dev.continuo.log.Known;
import dev.continuo.log.LiveMessage;
import dev.continuo.log.LiveMessage.Delivered;
import dev.continuo.log.Placement;
import dev.continuo.log.Positions;
import dev.continuo.log.RunReader;
import dev.continuo.log.RunSnapshot;
import dev.continuo.log.Step;
import dev.continuo.log.Terminal;
import dev.continuo.stats.Stats;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One run as this node sees it, shared by all its watchers: subscribes, reads PostgreSQL, replays JetStream, follows,
 * and asks PostgreSQL again wherever the reader's rules say so. Frames are encoded here, once. A watcher is an offset
 * into the {@link TailView}, so a slow one costs no memory and delays nobody.
 */
final class Tail {
    private static final System.Logger LOG = System.getLogger(Tail.class.getName());

    private final UUID thread;
    private final UUID run;
    private final Visibility visibility;
    private final LiveLog live;
    private final StoredRuns stored;
    private final Stats stats;
    private final Coalesced resync;
    private final Set<Signal> watchers = ConcurrentHashMap.newKeySet();
    private volatile TailView view = TailView.EMPTY;
    private volatile long looksBegun;
    private volatile long looksDone;

    // The rest is guarded by this.
    private final RunReader reader;
    private final FrameLog frames;
    private List<TailView.Cut> cuts = List.of();
    private List<EpochBase> bases = List.of();
    private Optional<Terminal> terminal = Optional.empty();
    private boolean ready;
    private boolean queued = true;
    private boolean paused;
    private boolean vanished;
    private boolean deleted;
    private boolean closed;
    private boolean expected;
    private boolean lonely;
    private int committedIdx;
    private Follow follow;

    Tail(UUID thread, UUID run, Visibility visibility, Tails.Sources from) {
        this.thread = thread;
        this.run = run;
        this.visibility = visibility;
        this.live = from.live();
        this.stored = from.stored();
        this.stats = from.stats();
        this.reader = new RunReader(run);
        this.frames = new FrameLog(run);
        this.resync = new Coalesced("tail-" + run, from.resyncGap(), this::look);
    }

    UUID run() {
        return run;
    }

    UUID thread() {
        return thread;
    }

    Visibility visibility() {
        return visibility;
    }

    TailView view() {
        return view;
    }

    /** The number of the last look at PostgreSQL that has begun. */
    long looksBegun() {
        return looksBegun;
    }

    /** The number of the last look at PostgreSQL that is done. */
    long looksDone() {
        return looksDone;
    }

    void join(Signal signal) {
        watchers.add(signal);
        if (!view.ready()) {
            resync.ask();
        }
    }

    void leave(Signal signal) {
        watchers.remove(signal);
    }

    /** A reload leaves and comes back at once, so one sweep without a watcher is allowed. */
    boolean endsAtThisSweep() {
        boolean ends = lonely && watchers.isEmpty();
        lonely = watchers.isEmpty();
        return ends;
    }

    /** Something may have changed: look at PostgreSQL soon. */
    void hurry() {
        if (!over()) {
            resync.ask();
        }
    }

    /** R6. */
    void compare(Known known) {
        boolean behind;
        synchronized (this) {
            behind = !ready || expected || paused != known.paused() || reader.trails(known);
            expected = false;
        }
        if (behind) {
            hurry();
        }
    }

    /** A client was shown more than there is: look at the next comparison, even if nothing seems new. */
    synchronized void expect() {
        expected = true;
    }

    boolean over() {
        var v = view;
        return v.terminal().isPresent() || v.deleted();
    }

    /** A cursor's place, and the view in which it is that. */
    synchronized Placed place(Cursor cursor) {
        return new Placed(Positions.place(cursor, reader, terminal), view);
    }

    record Placed(Placement placement, TailView view) {}

    void close() {
        resync.stop();
        synchronized (this) {
            closed = true;
            unfollow();
        }
    }

    private void look() {
        looksBegun++;
        try {
            startFollowing();
            for (boolean again = true; again; ) {
                again = readStored();
            }
        } catch (RuntimeException e) {
            LOG.log(WARNING, "cannot read run={0} now ({1}); its watchers wait, and it is tried again", run, e);
            return;
        }
        if (!over()) {
            replay();
        }
        synchronized (this) {
            ready = true;
            looksDone = looksBegun;
            publish();
        }
    }

    private void startFollowing() {
        if (visibility == Visibility.COMMITTED || follow != null) {
            return;
        }
        var started = live.follow(thread, run, this::deliver);
        synchronized (this) {
            follow = started;
            if (closed) {
                unfollow();
            }
        }
    }

    /** True where the snapshot was of no use any more, or brought an epoch that needs segments from further back. */
    private boolean readStored() {
        long epoch;
        int above;
        synchronized (this) {
            epoch = reader.epoch();
            above = reader.lastIdx();
        }
        var found = stored.snapshot(run, above);
        synchronized (this) {
            if (found.isEmpty()) {
                deleted = true;
                return false;
            }
            if (reader.epoch() != epoch) {
                return true;
            }
            var steps = reader.onSnapshot(found.get());
            know(found.get());
            apply(steps);
            publish();
            return reader.epoch() != epoch && steps.contains(new Step.Resync());
        }
    }

    private void know(RunSnapshot s) {
        bases = s.bases();
        committedIdx = s.committedIdx();
        queued = s.queued();
        paused = s.paused();
    }

    /** A broker that hangs would hold up what PostgreSQL has, so it is only asked while it is known to answer. */
    private void replay() {
        if (visibility == Visibility.COMMITTED || !live.healthy()) {
            return;
        }
        long after;
        synchronized (this) {
            after = reader.replayAfter().orElse(0);
        }
        List<Delivered> missed;
        try {
            missed = live.replay(thread, run, after);
        } catch (LiveUnavailable e) {
            LOG.log(DEBUG, "no replay of run={0}: {1}; PostgreSQL has it a little later", run, e.getMessage());
            return;
        }
        synchronized (this) {
            for (var d : missed) {
                take(d);
            }
            publish();
        }
    }

    private synchronized void deliver(Delivered d) {
        if (!closed && take(d)) {
            publish();
        }
    }

    private boolean take(Delivered d) {
        var steps = reader.onMessage(d.message());
        if (d.message() instanceof LiveMessage.Marker m && opened(steps)) {
            bases = append(
                    bases, new EpochBase(m.epoch(), m.base(), Optional.empty(), OptionalInt.empty(), true, m.reason()));
        }
        apply(steps);
        return !steps.isEmpty();
    }

    private static boolean opened(List<Step> steps) {
        return steps.stream().anyMatch(s -> s instanceof Step.Opened || s instanceof Step.Rewind);
    }

    private void apply(List<Step> steps) {
        for (var step : steps) {
            switch (step) {
                case Step.Emit(var records) -> frames.append(records);
                case Step.Rewind(int to, long epoch, String reason) -> {
                    frames.truncate(to);
                    cut(to, epoch, reason);
                    stats.rewinds().increment();
                }
                case Step.Opened(long epoch, int base, String reason) -> cut(base, epoch, reason);
                case Step.Resync() -> {
                    stats.resyncs().increment();
                    resync.ask();
                }
                case Step.Ended(var t) -> end(t);
                case Step.Replaced(var t) -> {
                    vanished = true;
                    end(t);
                }
            }
        }
    }

    private void cut(int to, long epoch, String reason) {
        cuts = append(cuts, new TailView.Cut(to, epoch, reason));
    }

    private void end(Terminal t) {
        terminal = Optional.of(t);
        unfollow();
    }

    private void unfollow() {
        if (follow != null) {
            follow.close();
        }
    }

    private void publish() {
        view = new TailView(
                frames.index(),
                frames.size(),
                reader.epoch(),
                committedIdx,
                cuts,
                bases,
                terminal,
                ready,
                queued,
                paused,
                vanished,
                deleted);
        for (var w : watchers) {
            w.raise();
        }
    }

    private static <T> List<T> append(List<T> list, T last) {
        var more = new ArrayList<T>(list);
        more.add(last);
        return List.copyOf(more);
    }
}
