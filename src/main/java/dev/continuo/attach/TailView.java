package dev.continuo.attach;

import dev.continuo.log.EpochBase;
import dev.continuo.log.Terminal;
import java.util.List;
import java.util.Optional;

/**
 * What a tail knows at one instant; never changes, so watchers read it without a lock.
 *
 * @param index the frames 1..n, and perhaps free places after them
 * @param epoch the last opened epoch
 * @param cuts every rewind target since the tail began, in order; a watcher takes the minimum of those it has not seen
 * @param bases what is known of {@code run_epochs}
 * @param ready PostgreSQL was read and the broker asked, so silence means that there is nothing
 * @param paused the run waited for people when PostgreSQL was last read
 * @param vanished the run is finished and its segments are deleted: only the stored message is left
 * @param deleted the run does not exist any more
 */
public record TailView(
        Frame[] index,
        int n,
        long epoch,
        int committedIdx,
        List<Cut> cuts,
        List<EpochBase> bases,
        Optional<Terminal> terminal,
        boolean ready,
        boolean queued,
        boolean paused,
        boolean vanished,
        boolean deleted) {
    static final TailView EMPTY = new TailView(
            new Frame[0], 0, 0, 0, List.of(), List.of(), Optional.empty(), false, true, false, false, false);

    /** Events after {@code to} are void from {@code epoch} on. */
    public record Cut(int to, long epoch, String reason) {}

    public Frame frame(int idx) {
        return index[idx - 1];
    }
}
