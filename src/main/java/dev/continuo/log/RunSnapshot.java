package dev.continuo.log;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What PostgreSQL says about one run, read in one snapshot: the ground every reader stands on.
 *
 * @param openedEpoch max of {@code run_epochs}, 0 before the first Open; never {@code runs.epoch}
 * @param openedClaim the claim of {@code openedEpoch}; empty at 0 and for a terminal written by someone else
 * @param committedIdx the last idx in the segments
 * @param bases all rows of {@code run_epochs}, in order of epoch
 * @param segments in order; those that end above the idx that was asked for
 * @param terminal present exactly where the run is finished
 * @param paused it waits for people
 * @param segmentsKept false where the run is finished and its segments are already deleted
 */
public record RunSnapshot(
        UUID run,
        UUID thread,
        boolean queued,
        long openedEpoch,
        Optional<UUID> openedClaim,
        int committedIdx,
        List<EpochBase> bases,
        List<Segment> segments,
        Optional<Terminal> terminal,
        boolean segmentsKept,
        boolean paused) {
    public RunSnapshot {
        bases = List.copyOf(bases);
        segments = List.copyOf(segments);
    }

    /** Of a run that waits for nobody. */
    public RunSnapshot(
            UUID run,
            UUID thread,
            boolean queued,
            long openedEpoch,
            Optional<UUID> openedClaim,
            int committedIdx,
            List<EpochBase> bases,
            List<Segment> segments,
            Optional<Terminal> terminal,
            boolean segmentsKept) {
        this(
                run,
                thread,
                queued,
                openedEpoch,
                openedClaim,
                committedIdx,
                bases,
                segments,
                terminal,
                segmentsKept,
                false);
    }
}
