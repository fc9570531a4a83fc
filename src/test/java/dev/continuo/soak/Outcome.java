package dev.continuo.soak;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a trial came to.
 *
 * @param atOnce the most watchers at a time
 * @param began milliseconds of the wall clock, as {@code healed} and {@code ended}: the last run's end
 */
record Outcome(
        long seed,
        long began,
        long healed,
        long ended,
        int watchers,
        int atOnce,
        int frames,
        List<Injected> faults,
        List<Delay> delays,
        Map<FaultKind, List<Long>> recoveries,
        Map<String, Long> states,
        long takeovers,
        long forks,
        int calls,
        Map<String, Integer> statuses,
        List<Footprint> before,
        List<Footprint> after,
        Map<String, Long> tablesBefore,
        Map<String, Long> tablesAfter,
        Map<String, String> machine,
        List<Violation> violations,
        List<String> troubles) {

    long runs() {
        return states.values().stream().mapToLong(Long::longValue).sum();
    }

    Map<FaultKind, Integer> byKind() {
        var counts = new TreeMap<FaultKind, Integer>();
        faults.forEach(fault -> counts.merge(fault.kind(), 1, Integer::sum));
        return counts;
    }

    /** In one line, as {@code bin/test} shows it. */
    String brief() {
        return "seed " + seed + ": " + runs() + " runs, " + faults.size() + " faults of " + byKind().size()
                + " kinds, " + watchers + " watchers (" + atOnce + " at once), " + frames + " frames, " + takeovers
                + " takeovers, " + violations.size() + " violations";
    }
}
