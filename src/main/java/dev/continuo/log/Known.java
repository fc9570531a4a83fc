package dev.continuo.log;

/**
 * How far PostgreSQL is with a run: what a reader is compared with once a second (rule R6).
 *
 * @param paused it waits for people; no rule of the reader's, but some watchers end there
 */
public record Known(long openedEpoch, int committedIdx, boolean finished, boolean paused) {
    /** Of a run that waits for nobody. */
    public Known(long openedEpoch, int committedIdx, boolean finished) {
        this(openedEpoch, committedIdx, finished, false);
    }
}
