package dev.continuo.attach;

import dev.continuo.log.Cursor;
import dev.continuo.log.ThreadReader;
import dev.continuo.run.RunState;
import dev.continuo.run.ThreadProgress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * A thread at one moment: its newest runs that were claimed or are unfinished, in order of turns, enough of them to
 * tell whether somebody is too far behind.
 *
 * @param mark changes with everything here
 */
record ThreadRuns(UUID thread, Optional<ThreadProgress> mark, List<Run> runs) {
    /** More than a follower may be behind, and a full queue. */
    static final int NEWEST = ThreadReader.MOST_RUNS_BEHIND + 30;

    /**
     * @param epoch 0 where it was never claimed
     * @param again a further attempt is due or under way, and has not committed anything yet
     * @param message as clients see it; only of unfinished runs
     */
    record Run(UUID id, long turn, RunState state, long epoch, boolean again, Optional<Asked> message) {
        boolean finished() {
            return state.isTerminal();
        }

        boolean claimed() {
            return epoch > 0;
        }

        String shownState() {
            return again ? "retrying" : state.apiName();
        }
    }

    ThreadRuns {
        runs = List.copyOf(runs);
    }

    List<Run> unfinished() {
        return runs.stream().filter(r -> !r.finished()).toList();
    }

    Optional<Run> find(UUID run) {
        return runs.stream().filter(r -> r.id().equals(run)).findFirst();
    }

    /** How many runs come before this one. */
    OptionalInt position(Run run) {
        return OptionalInt.of(unfinished().indexOf(run));
    }

    ThreadReader.Now now() {
        return runs.stream()
                .filter(Run::finished)
                .reduce((_, later) -> later)
                .map(r -> new ThreadReader.Now(Optional.of(Cursor.end(r.id(), r.epoch())), r.turn()))
                .orElseGet(() -> new ThreadReader.Now(Optional.empty(), 0));
    }

    List<ThreadReader.Claimed> inFlight() {
        return unfinished().stream()
                .filter(Run::claimed)
                .map(ThreadRuns::claimed)
                .toList();
    }

    /** Includes the run that is next to be claimed, so that its first record meets an open tail. */
    List<ThreadReader.Claimed> after(long turn) {
        return runs.stream()
                .filter(r -> r.turn() > turn && r.state() != RunState.WAITING)
                .map(ThreadRuns::claimed)
                .toList();
    }

    ThreadReader.Asked asked(Optional<String> cursor) {
        return switch (ThreadReader.Asked.of(cursor)) {
            case ThreadReader.Asked.Since(Cursor c, OptionalLong _) ->
                new ThreadReader.Asked.Since(
                        c, find(c.run()).map(r -> OptionalLong.of(r.turn())).orElseGet(OptionalLong::empty));
            case ThreadReader.Asked other -> other;
        };
    }

    private static ThreadReader.Claimed claimed(Run r) {
        return new ThreadReader.Claimed(r.id(), r.turn(), r.finished());
    }
}
