package dev.continuo.soak;

import static dev.continuo.soak.Invariant.I16;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** I16: what is left when everybody has gone home, against what was there before anybody came. */
final class LeakCheck {
    /** A warm node has more pooled threads and connections than a fresh one, and by how many is bounded by the pools. */
    private static final int MORE_THREADS = 60;

    private static final int MORE_SOCKETS = 40;
    private static final int MORE_RESIDENT_MIB = 900;

    private LeakCheck() {}

    /**
     * @param leftovers things of which none may be left, with their counts
     */
    static List<Violation> of(List<Footprint> before, List<Footprint> after, Map<String, Long> leftovers) {
        var violations = new ArrayList<Violation>();
        int threads = before.stream().mapToInt(Footprint::threads).max().orElse(0);
        int sockets = before.stream().mapToInt(Footprint::sockets).max().orElse(0);
        long resident = before.stream().mapToLong(Footprint::residentMiB).max().orElse(0);
        for (var end : after) {
            over(end, "threads", end.threads(), threads + MORE_THREADS, violations);
            over(end, "sockets", end.sockets(), sockets + MORE_SOCKETS, violations);
            over(end, "MiB resident", end.residentMiB(), resident + MORE_RESIDENT_MIB, violations);
        }
        leftovers.forEach((what, count) -> {
            if (count > 0) {
                violations.add(Violation.of(I16, what, count + " left"));
            }
        });
        return violations;
    }

    private static void over(Footprint end, String what, long is, long most, List<Violation> violations) {
        if (is > most) {
            violations.add(Violation.of(I16, end.node(), is + " " + what + ", at most " + most + " are no leak"));
        }
    }
}
