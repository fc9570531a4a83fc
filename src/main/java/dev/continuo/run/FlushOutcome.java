package dev.continuo.run;

import java.util.UUID;

/** What became of one item of a flush; matched by run and epoch, since a fork may have come in between. */
public sealed interface FlushOutcome {
    UUID run();

    long epoch();

    record Committed(UUID run, long epoch, int lastIdx, boolean cancelRequested) implements FlushOutcome {}

    /** Another transaction holds the row for the moment: try again at the next tick. */
    record Skipped(UUID run, long epoch) implements FlushOutcome {}

    /** Still the caller's, but the item does not follow what is committed: an earlier flush, whose outcome was unknown,
     * has committed up to {@code committedIdx}. */
    record Mine(UUID run, long epoch, int committedIdx, boolean cancelRequested) implements FlushOutcome {}

    /** Somebody else's, or nobody's: abort the provider call, publish nothing more. */
    record Lost(UUID run, long epoch) implements FlushOutcome {}
}
