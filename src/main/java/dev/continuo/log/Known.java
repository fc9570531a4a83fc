package dev.continuo.log;

/** How far PostgreSQL is with a run: what a reader is compared with once a second (rule R6). */
public record Known(long openedEpoch, int committedIdx, boolean finished) {}
