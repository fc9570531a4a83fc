package dev.continuo.soak;

import java.util.ArrayList;
import java.util.List;

/** All that can be said of a history and the database at its end. */
final class Checker {
    private Checker() {}

    /**
     * @param natives what the watchers of native frames have seen
     * @param chunks what AI SDK clients have seen
     */
    record History(
            List<Post> posts,
            List<Nothing> nothings,
            List<Peek> peeks,
            List<NativeView.Result> natives,
            List<ChunkView.Result> chunks,
            List<Call> calls,
            List<Injected> faults) {}

    static List<Violation> check(History history, Stored stored) {
        var violations = new ArrayList<Violation>();
        history.natives().forEach(result -> violations.addAll(result.violations()));
        history.chunks().forEach(result -> violations.addAll(result.violations()));
        violations.addAll(AcceptanceCheck.of(history.posts(), stored));
        violations.addAll(OrderCheck.of(stored.moves()));
        violations.addAll(RunCheck.of(stored));
        violations.addAll(ViewCheck.of(history.natives(), history.chunks(), stored));
        violations.addAll(CallCheck.of(history.calls(), history.faults(), stored));
        violations.addAll(TokenCheck.of(history.peeks()));
        violations.addAll(NothingCheck.of(history.nothings(), history.posts(), stored));
        return violations;
    }
}
