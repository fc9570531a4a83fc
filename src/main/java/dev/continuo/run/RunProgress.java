package dev.continuo.run;

import java.util.UUID;

/**
 * How far PostgreSQL is with a run.
 *
 * @param openedEpoch max of {@code run_epochs}, 0 before the first Open; never {@code runs.epoch}
 * @param attempt of the present step
 * @param tries how often it was put back to wait for its provider
 * @param position how many unfinished runs of its thread come before it
 */
public record RunProgress(
        UUID run, RunState state, long openedEpoch, int committedIdx, int attempt, int tries, int position) {}
