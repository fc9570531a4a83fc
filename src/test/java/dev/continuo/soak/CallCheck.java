package dev.continuo.soak;

import static dev.continuo.soak.Invariant.I15;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** I15: what the provider counted. Every call has an epoch of its own, so there are never more calls than epochs. */
final class CallCheck {
    /** A call may be on its way while the end is written. */
    private static final long ON_ITS_WAY = 2_000;

    private static final long CLOSED_WITHIN = 5_000;

    private CallCheck() {}

    static List<Violation> of(List<Call> calls, List<Injected> faults, Stored stored) {
        var violations = new ArrayList<Violation>();
        Map<String, List<Call>> byPrompt = new HashMap<>();
        calls.forEach(call ->
                byPrompt.computeIfAbsent(call.prompt(), _ -> new ArrayList<>()).add(call));
        for (var run : stored.runs()) {
            List<Call> of = byPrompt.getOrDefault(run.prompt(), List.of());
            if (of.size() > run.epoch()) {
                violations.add(new Violation(
                        I15,
                        run.id(),
                        of.size() + " calls in " + run.epoch() + " epochs",
                        of.stream().map(Call::toString).toList()));
            }
            run.finished()
                    .ifPresent(end ->
                            of.forEach(call -> late(call, end, run, faults).ifPresent(violations::add)));
        }
        return violations;
    }

    private static Optional<Violation> late(Call call, long end, Stored.Run run, List<Injected> faults) {
        if (call.began() > excused(end, faults) + ON_ITS_WAY) {
            return Optional.of(Violation.of(I15, run.id(), call + " began after the end at " + end));
        }
        if (call.ended() == 0 || call.ended() > excused(end, faults) + CLOSED_WITHIN) {
            return Optional.of(Violation.of(I15, run.id(), call + " was open long after the end at " + end));
        }
        return Optional.empty();
    }

    /** A frozen node, and one whose lines are dead, cannot know: it counts from when it can. */
    private static long excused(long end, List<Injected> faults) {
        long from = end;
        for (boolean moved = true; moved; ) {
            moved = false;
            for (var fault : faults) {
                if (fault.kind().blinds() && fault.from() <= from + CLOSED_WITHIN && fault.until() > from) {
                    from = fault.until();
                    moved = true;
                }
            }
        }
        return from;
    }
}
