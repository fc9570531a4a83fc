package dev.continuo.execution;

import dev.continuo.log.LogRecord;
import java.util.List;

/**
 * How a claim found its run.
 *
 * @param lastRecords the last committed or adopted ones, in order; empty where nothing was written yet
 * @param markerExpects the sequence of the subject's last message, 0 where there is none
 */
record Opened(int base, List<LogRecord> lastRecords, long markerExpects, boolean cancelRequested) {}
