package dev.continuo.soak;

import static dev.continuo.soak.Invariant.I10;
import static dev.continuo.soak.Invariant.I11;
import static dev.continuo.soak.Invariant.I3;
import static dev.continuo.soak.Invariant.I9;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** I10 and I11, and of I3 and I9 what can only be said once the database is known: what was on the screens against it. */
final class ViewCheck {
    private final Map<String, Stored.Run> runs = new HashMap<>();
    private final Map<String, List<Stored.Run>> threads = new HashMap<>();
    private final List<Violation> violations = new ArrayList<>();

    private ViewCheck(Stored stored) {
        stored.runs().forEach(run -> {
            runs.put(run.id(), run);
            threads.computeIfAbsent(run.thread(), _ -> new ArrayList<>()).add(run);
        });
        threads.values().forEach(all -> all.sort(java.util.Comparator.comparingLong(Stored.Run::turn)));
    }

    static List<Violation> of(List<NativeView.Result> natives, List<ChunkView.Result> chunks, Stored stored) {
        var check = new ViewCheck(stored);
        for (var result : natives) {
            result.seen().forEach(seen -> check.seen(result.watched(), seen));
            if (result.watched().kind() == Watched.Kind.THREAD) {
                check.noneLeftOut(result);
            }
        }
        chunks.forEach(result -> result.wholes().forEach(check::whole));
        return check.violations;
    }

    private void seen(Watched watched, Seen seen) {
        Stored.Run run = runs.get(seen.run);
        if (run == null) {
            if (!seen.records.isEmpty()) {
                violation(I10, watched, seen.run, "was shown and does not exist", List.of());
            }
            return;
        }
        seen.backs.forEach(back -> back(watched, run, back));
        seen.records.forEach(record -> alive(watched, run, record));
        if (run.ended()) {
            seen.end.ifPresent(end -> end(watched, run, seen, end));
        }
    }

    private void end(Watched watched, Stored.Run run, Seen seen, Seen.End end) {
        if (!end.state().equals(run.shown()) || end.epoch() != run.epoch() || end.n() != run.n()) {
            violation(I3, watched, run.id(), "saw " + end + " of a run that ended as " + brief(run), List.of());
        }
        if (!end.sha256().equals(run.sha256())) {
            violation(I10, watched, run.id(), "was told another SHA-256", List.of());
        }
        if (seen.snapshot.isPresent()) {
            if (!seen.snapshot.get().equals(run.text())) {
                violation(I10, watched, run.id(), "the snapshot is not the stored text", List.of());
            }
            return;
        }
        for (var record : seen.records) {
            Optional<Stored.Rec> stored =
                    record.idx() <= run.log().size() ? Optional.of(run.log().get(record.idx() - 1)) : Optional.empty();
            if (stored.filter(r -> r.epoch() == record.epoch() && r.chunk().equals(record.chunk()))
                    .isEmpty()) {
                violation(
                        I10,
                        watched,
                        run.id(),
                        "shows another record at idx " + record.idx(),
                        List.of(
                                "shown:  " + record.epoch() + " " + Excerpts.shorten(record.chunk()),
                                "stored: " + stored.map(Stored.Rec::toString).orElse("none")));
                return;
            }
        }
        if (seen.unknown == 0 && !seen.text().equals(run.text())) {
            violation(I10, watched, run.id(), "the text shown is not the text stored", List.of());
        }
    }

    /** Nothing that a watcher had been told to be void came after that. */
    private void alive(Watched watched, Stored.Run run, Seen.Shown record) {
        for (var epoch : run.epochs()) {
            if (epoch.epoch() > record.epoch() && epoch.epoch() <= record.knownEpoch() && epoch.base() < record.idx()) {
                violation(
                        I9,
                        watched,
                        run.id(),
                        "got idx " + record.idx() + " of epoch " + record.epoch() + " after it knew epoch "
                                + record.knownEpoch(),
                        List.of(epoch.toString()));
            }
        }
    }

    private void back(Watched watched, Stored.Run run, Seen.Back back) {
        if (back.guessed()) {
            return;
        }
        int to = back.had();
        for (var epoch : run.epochs()) {
            if (epoch.epoch() > back.epochAt() && epoch.epoch() <= back.epoch()) {
                to = Math.min(to, epoch.base());
            }
        }
        if (back.beyond() ? back.to() > to : back.to() != to) {
            violation(
                    I11,
                    watched,
                    run.id(),
                    "was taken from " + back.had() + " of epoch " + back.epochAt() + " to " + back.to() + " by epoch "
                            + back.epoch() + ", the bases say " + to,
                    run.epochs().stream().map(Stored.Epoch::toString).toList());
        }
    }

    /** Between two terminals that a thread's watcher saw, it saw that of every run that was ever claimed. */
    private void noneLeftOut(NativeView.Result result) {
        String before = "";
        for (String run : result.ends()) {
            if (!before.isEmpty() && !run.isEmpty() && runs.containsKey(before) && runs.containsKey(run)) {
                between(result.watched(), runs.get(before), runs.get(run));
            }
            before = run;
        }
    }

    private void between(Watched watched, Stored.Run from, Stored.Run to) {
        if (to.turn() <= from.turn()) {
            violation(
                    I9, watched, to.id(), "its terminal came after that of " + from.id() + ", a later turn", List.of());
        }
        threads.get(to.thread()).stream()
                .filter(run -> run.turn() > from.turn() && run.turn() < to.turn() && run.epoch() > 0)
                .forEach(run -> violation(I10, watched, run.id(), "its terminal was left out", List.of()));
    }

    private void whole(ChunkView.Whole whole) {
        Stored.Run run = runs.get(whole.run());
        if (run == null || !run.ended()) {
            violations.add(Violation.of(
                    I3, whole.run(), "watcher " + whole.number() + " was told the end of a run that has none"));
            return;
        }
        if (whole.chunks().isPresent()) {
            counted(whole, run, whole.chunks().get());
        } else if (!whole.counting() && !whole.text().equals(run.text())) {
            violations.add(new Violation(
                    I10,
                    run.id(),
                    "watcher " + whole.number() + " read another text than the stored one",
                    List.of("read:   " + Excerpts.shorten(whole.text()), "stored: " + Excerpts.shorten(run.text()))));
        }
    }

    private void counted(ChunkView.Whole whole, Stored.Run run, List<String> chunks) {
        for (int i = 0; i < Math.max(chunks.size(), run.log().size()); i++) {
            String read = i < chunks.size() ? chunks.get(i) : "nothing";
            String stored = i < run.log().size() ? run.log().get(i).chunk() : "nothing";
            if (!read.equals(stored)) {
                violations.add(new Violation(
                        I10,
                        run.id(),
                        "watcher " + whole.number() + " counted to another chunk at " + i,
                        List.of("read:   " + Excerpts.shorten(read), "stored: " + Excerpts.shorten(stored))));
                return;
            }
        }
    }

    private static String brief(Stored.Run run) {
        return run.shown() + ", epoch " + run.epoch() + ", n " + run.n();
    }

    private void violation(Invariant invariant, Watched watched, String run, String what, List<String> excerpt) {
        violations.add(new Violation(
                invariant, run, "watcher " + watched.number() + " (" + watched.kind() + "): " + what, excerpt));
    }
}
