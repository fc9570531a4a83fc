package dev.continuo.soak;

import static dev.continuo.soak.Invariant.I14;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** I14: the words of every run bear the letter of its organisation. */
final class TokenCheck {
    private TokenCheck() {}

    static List<Violation> of(Watched watched) {
        var foreign = Pattern.compile("\\bw[" + "AB".replace(watched.org(), "") + "]\\d+");
        var violations = new ArrayList<Violation>();
        for (var connection : watched.connections()) {
            for (int i = 0; i < connection.events().size(); i++) {
                if (foreign.matcher(connection.events().get(i).data()).find()) {
                    violations.add(new Violation(
                            I14,
                            watched.thread(),
                            "watcher " + watched.number() + " of organisation " + watched.org() + " was sent another's",
                            Excerpts.around(watched, connection, i, 3)));
                    return violations;
                }
            }
        }
        return violations;
    }

    static List<Violation> of(List<Peek> peeks) {
        return peeks.stream()
                .filter(peek -> peek.status() / 100 == 2)
                .map(peek -> Violation.of(I14, peek.path(), "organisation " + peek.org() + " got " + peek.status()))
                .toList();
    }
}
