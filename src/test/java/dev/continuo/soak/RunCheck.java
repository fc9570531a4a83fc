package dev.continuo.soak;

import static dev.continuo.soak.Invariant.I2;
import static dev.continuo.soak.Invariant.I3;
import static dev.continuo.soak.Invariant.I5;
import static dev.continuo.soak.Invariant.I6;
import static dev.continuo.soak.Invariant.I7;
import static dev.continuo.soak.Invariant.I8;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** I2, I3, I5 to I8: what is stored of each run. */
final class RunCheck {
    private static final int EXCERPT = 6;

    private final List<Violation> violations = new ArrayList<>();

    private RunCheck() {}

    static List<Violation> of(Stored stored) {
        var check = new RunCheck();
        stored.runs().forEach(check::run);
        stored.late()
                .forEach(late -> check.violations.add(Violation.of(
                        I7,
                        late.run(),
                        "idx " + late.first() + ".. was written under epoch " + late.epoch()
                                + (late.afterTheEnd()
                                        ? " after the end"
                                        : " after epoch " + late.opened() + " opened"))));
        return check.violations;
    }

    private void run(Stored.Run run) {
        if (!run.ended()) {
            violations.add(Violation.of(I2, run.id(), "still " + run.state() + ", epoch " + run.epoch()));
            return;
        }
        epochs(run);
        log(run);
        answer(run);
    }

    private void epochs(Stored.Run run) {
        var seen = new HashSet<Long>();
        for (var epoch : run.epochs()) {
            if (!seen.add(epoch.epoch())) {
                violations.add(Violation.of(I5, run.id(), "epoch " + epoch.epoch() + " was opened twice"));
            }
            if (epoch.epoch() > run.epoch()) {
                violations.add(Violation.of(
                        I5, run.id(), "epoch " + epoch.epoch() + " opened, and the run ended in " + run.epoch()));
            }
        }
    }

    private void log(Stored.Run run) {
        if (run.epoch() > 0 && run.log().size() != run.n()) {
            violations.add(Violation.of(I6, run.id(), run.log().size() + " records are stored and n is " + run.n()));
        }
        long epoch = 0;
        for (int i = 0; i < run.log().size(); i++) {
            Stored.Rec record = run.log().get(i);
            if (record.idx() != i + 1) {
                violations.add(at(I6, run, i, "a hole or a repeat at idx " + record.idx()));
                return;
            }
            if (record.epoch() < epoch) {
                violations.add(at(I8, run, i, "epoch " + record.epoch() + " after " + epoch));
            }
            epoch = record.epoch();
            for (var later : run.epochs()) {
                if (later.epoch() > record.epoch() && later.base() < record.idx()) {
                    violations.add(at(I7, run, i, "void since epoch " + later.epoch() + " with base " + later.base()));
                }
            }
        }
    }

    private void answer(Stored.Run run) {
        String text = run.text();
        boolean completed = run.state().equals("COMPLETED");
        if (run.answers().size() > 1 || run.answers().isEmpty() && !text.isEmpty()) {
            violations.add(Violation.of(I3, run.id(), run.answers().size() + " answers to a run with text"));
        }
        for (var answer : run.answers()) {
            if (!answer.text().equals(text)) {
                violations.add(Violation.of(I6, run.id(), "the answer is not the text of the log"));
            }
            if (answer.complete() != completed) {
                violations.add(Violation.of(I3, run.id(), "complete is " + answer.complete() + " in " + run.state()));
            }
        }
        if (!text.isEmpty() && !run.sha256().equals(java.util.Optional.of(Sha256.of(text)))) {
            violations.add(Violation.of(I6, run.id(), "the SHA-256 is not that of the text"));
        }
        Expected expected = Expected.of(run.prompt());
        if (completed && !expected.isWhole(text) || !completed && !expected.isPart(text)) {
            violations.add(new Violation(
                    I6,
                    run.id(),
                    "no call of the model gave this text (" + run.state() + ", prompt " + run.prompt() + ")",
                    List.of(difference(text, expected.first()), difference(text, expected.later()))));
        }
    }

    private static String difference(String text, String other) {
        int same = 0;
        while (same < Math.min(text.length(), other.length()) && text.charAt(same) == other.charAt(same)) {
            same++;
        }
        int from = Math.max(0, same - 20);
        return "at " + same + ": …" + text.substring(from, Math.min(text.length(), same + 40)) + "… instead of …"
                + other.substring(from, Math.min(other.length(), same + 40)) + "…";
    }

    private static Violation at(Invariant invariant, Stored.Run run, int i, String what) {
        var lines = new ArrayList<String>();
        run.epochs().forEach(epoch -> lines.add(epoch.toString()));
        run.log()
                .subList(Math.max(0, i - EXCERPT / 2), Math.min(run.log().size(), i + EXCERPT / 2))
                .forEach(record -> lines.add(Excerpts.shorten(record.toString())));
        return new Violation(invariant, run.id(), what, lines);
    }
}
