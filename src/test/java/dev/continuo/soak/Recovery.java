package dev.continuo.soak;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How long it took from a fault until somebody else had the run; pure, from the faults and what the database kept. */
final class Recovery {
    /** Later than that it is another story. */
    private static final long TOO_LATE = 60_000;

    private Recovery() {}

    /** Milliseconds from the fault to the next epoch of each run that the node had; for a polite end, from its release. */
    static Map<FaultKind, List<Long>> of(List<Injected> faults, Stored stored) {
        Map<String, List<Stored.Move>> moves = new HashMap<>();
        stored.moves().forEach(move -> moves.computeIfAbsent(move.run(), _ -> new ArrayList<>())
                .add(move));
        Map<FaultKind, List<Long>> found = new EnumMap<>(FaultKind.class);
        for (var fault : faults) {
            if (fault.kind().disables()) {
                for (var run : stored.runs()) {
                    one(fault, run, moves.getOrDefault(run.id(), List.of()))
                            .ifPresent(millis -> found.computeIfAbsent(fault.kind(), _ -> new ArrayList<>())
                                    .add(millis));
                }
            }
        }
        found.values().forEach(java.util.Collections::sort);
        return found;
    }

    private static Optional<Long> one(Injected fault, Stored.Run run, List<Stored.Move> moves) {
        Optional<Stored.Move> last =
                moves.stream().filter(move -> move.at() < fault.from()).reduce((_, later) -> later);
        if (last.filter(move -> move.state().equals("RUNNING") && fault.target().equals(move.owner()))
                .isEmpty()) {
            return Optional.empty();
        }
        long from = fault.kind() != FaultKind.NODE_TERM
                ? fault.from()
                : moves.stream()
                        .filter(move -> move.at() > fault.from() && move.state().equals("READY"))
                        .mapToLong(Stored.Move::at)
                        .findFirst()
                        .orElse(Long.MAX_VALUE);
        return run.epochs().stream()
                .filter(epoch -> epoch.at() >= from && epoch.claim() != null)
                .map(epoch -> epoch.at() - from)
                .filter(millis -> millis < TOO_LATE)
                .findFirst();
    }
}
