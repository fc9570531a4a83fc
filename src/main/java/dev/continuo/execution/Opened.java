package dev.continuo.execution;

/**
 * How a claim found its run.
 *
 * @param markerExpects the sequence of the subject's last message, 0 where there is none
 */
record Opened(int base, long markerExpects, boolean cancelRequested) {}
