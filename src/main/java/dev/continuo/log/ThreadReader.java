package dev.continuo.log;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Which run of a thread a watcher sees next (rule R7): runs come in the order of turns, each to its terminal before the
 * next one begins, and a run that was never claimed has nothing to show.
 */
public final class ThreadReader {
    /** Further behind than this, reloading the messages is quicker than watching them. */
    public static final int MOST_RUNS_BEHIND = 50;

    private long turn;
    private Optional<Claimed> showing = Optional.empty();

    /** A run that was claimed at least once, as PostgreSQL has it. */
    public record Claimed(UUID run, long turn, boolean finished) {}

    /**
     * A thread at one moment: the last finished claimed run as a cursor ({@code <run>.<epoch>.end}, empty where there
     * is none) with its turn, 0 where there is none.
     */
    public record Now(Optional<Cursor> lastFinished, long lastFinishedTurn) {}

    /** What a client asked for. */
    public sealed interface Asked {
        /** No cursor: what is in flight, or what comes. */
        record Newest() implements Asked {}

        /** {@code 0}: everything. */
        record Beginning() implements Asked {}

        /** A cursor, and the turn of its run where it is one of this thread. */
        record Since(Cursor cursor, OptionalLong turn) implements Asked {}

        /** Not a cursor at all. */
        record Unreadable() implements Asked {}

        static Asked of(Optional<String> text) {
            if (text.isEmpty()) {
                return new Newest();
            }
            return text.get().equals("0")
                    ? new Beginning()
                    : Cursor.parse(text.get())
                            .<Asked>map(c -> new Since(c, OptionalLong.empty()))
                            .orElseGet(Unreadable::new);
        }
    }

    /** What the watcher gets next. */
    public sealed interface Next {
        /** The records of a run, from this cursor (empty: from its first record) to its terminal. */
        record Show(UUID run, Optional<Cursor> from) implements Next {}

        /** The stored answer of a finished run, then its terminal. */
        record Stored(UUID run) implements Next {}

        /** Frame {@code reset}: reload the messages and go on from here. */
        record Reset(Optional<Cursor> now) implements Next {}

        /** Frame {@code open}: nothing is in flight. */
        record Open(Optional<Cursor> now) implements Next {}

        /**
         * Something is in flight, which {@link ThreadReader#next} shows: say where the client stands by a bare
         * {@code id:} line, or one that is cut before the first record would come back without a cursor and miss it.
         */
        record Here(Optional<Cursor> now) implements Next {}

        /** Nothing new. */
        record Quiet() implements Next {}
    }

    private ThreadReader(long turn) {
        this.turn = turn;
    }

    /** A reader with the first thing to say; {@link Next.Quiet} says that {@link #next} has to be asked. */
    public record Begun(ThreadReader reader, Next first) {}

    public static Begun begin(Asked asked, Now now, List<Claimed> inFlight) {
        return switch (asked) {
            case Asked.Newest _ -> {
                var reader = new ThreadReader(now.lastFinishedTurn());
                yield new Begun(
                        reader,
                        inFlight.isEmpty() ? new Next.Open(now.lastFinished()) : new Next.Here(now.lastFinished()));
            }
            case Asked.Beginning _ -> new Begun(new ThreadReader(0), new Next.Quiet());
            case Asked.Since(Cursor cursor, OptionalLong turn)
            when turn.isPresent() -> {
                var reader = new ThreadReader(turn.getAsLong());
                reader.showing = Optional.of(new Claimed(cursor.run(), turn.getAsLong(), false));
                yield new Begun(reader, new Next.Show(cursor.run(), Optional.of(cursor)));
            }
            case Asked.Since _, Asked.Unreadable _ ->
                new Begun(new ThreadReader(now.lastFinishedTurn()), new Next.Reset(now.lastFinished()));
        };
    }

    /** The turn up to which this watcher has everything, the run being shown excepted. */
    public long turn() {
        return turn;
    }

    /** The run whose terminal the watcher waits for. */
    public Optional<UUID> showing() {
        return showing.map(Claimed::run);
    }

    /** The terminal of the run being shown was sent. */
    public void ended() {
        turn = showing.orElseThrow().turn();
        showing = Optional.empty();
    }

    /**
     * What comes after the last terminal.
     *
     * @param later claimed runs of turns above {@link #turn}, in order, at least {@value #MOST_RUNS_BEHIND} + 1 of them
     *     where there are so many
     */
    public Next next(List<Claimed> later, Now now) {
        if (showing.isPresent() || later.isEmpty()) {
            return new Next.Quiet();
        }
        if (later.size() > MOST_RUNS_BEHIND) {
            turn = now.lastFinishedTurn();
            return new Next.Reset(now.lastFinished());
        }
        var first = later.getFirst();
        if (first.turn() <= turn) {
            throw new IllegalArgumentException("turn " + first.turn() + " is behind the reader at " + turn);
        }
        showing = Optional.of(first);
        return first.finished() ? new Next.Stored(first.run()) : new Next.Show(first.run(), Optional.empty());
    }
}
