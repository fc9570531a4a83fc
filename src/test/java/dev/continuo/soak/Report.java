package dev.continuo.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An outcome for people: Markdown, and the delays as a picture beside it. */
final class Report {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);
    private static final int MOST_VIOLATIONS = 50;
    private static final long AFTER_A_FAULT = 5_000;

    private final Outcome outcome;
    private final StringBuilder text = new StringBuilder();

    private Report(Outcome outcome) {
        this.outcome = outcome;
    }

    /** @return the Markdown file */
    static Path write(Outcome outcome, Path folder) {
        String name = "soak-" + outcome.seed();
        try {
            Files.createDirectories(folder);
            Files.writeString(
                    folder.resolve(name + ".svg"),
                    DelayPlot.of(
                            "From the provider to a watcher, seed " + outcome.seed(),
                            outcome.delays(),
                            outcome.faults(),
                            outcome.began(),
                            outcome.ended()));
            return Files.writeString(folder.resolve(name + ".md"), new Report(outcome).markdown(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String markdown(String name) {
        line("# Soak, seed " + outcome.seed());
        line("");
        line(
                TIME.format(Instant.ofEpochMilli(outcome.began())) + ", " + minutes(outcome.began(), outcome.healed())
                        + " minutes of faults and load on one machine, then "
                        + (outcome.ended() - outcome.healed()) / 1000
                        + " s from the heal until the last run had ended. "
                        + "Nodes, servers, provider, load and watchers share the machine, so the times are those of a busy one.");
        line("");
        outcome.machine().forEach((what, value) -> line("- " + what + ": " + value));
        line("");
        counts();
        violations();
        line("![Delay over time](" + name + ".svg)");
        line("");
        delays();
        faults();
        resources();
        answers();
        return text.toString();
    }

    private void counts() {
        table("| | |", "|---|---:|");
        row("runs", outcome.runs());
        outcome.states().forEach((state, count) -> row("… " + state.toLowerCase(Locale.ROOT), count));
        row("takeovers (claims of a run that had an owner before)", outcome.takeovers());
        row("forks inside a claim", outcome.forks());
        row("provider calls", outcome.calls());
        row("faults", outcome.faults().size());
        row("kinds of faults", outcome.byKind().size());
        row("watchers", outcome.watchers());
        row("watchers at once, at most", outcome.atOnce());
        row("frames seen by them", outcome.frames());
        row("**violations**", outcome.violations().size());
        line("");
    }

    private void violations() {
        for (var violation :
                outcome.violations().stream().limit(MOST_VIOLATIONS).toList()) {
            line("```text\n" + violation + "\n```");
        }
        for (var trouble : outcome.troubles()) {
            line("- trouble: " + trouble);
        }
        if (!outcome.violations().isEmpty() || !outcome.troubles().isEmpty()) {
            line("");
        }
    }

    private void delays() {
        var calm = new ArrayList<Long>();
        var all = new ArrayList<Long>();
        for (var delay : outcome.delays()) {
            all.add(delay.millis());
            if (outcome.faults().stream().noneMatch(fault -> near(fault, delay.at()))) {
                calm.add(delay.millis());
            }
        }
        line("Delay of a chunk from the provider to a watcher that was connected before it was sent (live frames only; "
                + "a chunk that was lost with its owner counts until it is shown):");
        line("");
        table("| | chunks | p50 | p99 | p99.9 | longest |", "|---|---:|---:|---:|---:|---:|");
        quantiles("all the time", all);
        quantiles("in calm (no fault, nor in the " + AFTER_A_FAULT / 1000 + " s before)", calm);
        line("");
    }

    private void quantiles(String what, List<Long> millis) {
        java.util.Collections.sort(millis);
        line("| " + what + " | " + millis.size() + " | " + ms(Quantiles.of(millis, 0.5)) + " | "
                + ms(Quantiles.of(millis, 0.99)) + " | " + ms(Quantiles.of(millis, 0.999)) + " | "
                + ms(Quantiles.of(millis, 1)) + " |");
    }

    private static boolean near(Injected fault, long moment) {
        return fault.from() - 200 <= moment && moment <= fault.until() + AFTER_A_FAULT;
    }

    private void faults() {
        line(
                "Faults by kind. *Taken over* counts runs that a node had when it was hit, and how long it took until the next "
                        + "epoch was open (from the fault; of `node term` from the release). *Worst delay* is the longest delay "
                        + "of a chunk during a fault and the " + AFTER_A_FAULT / 1000
                        + " s after it, with whatever else went wrong then.");
        line("");
        table(
                "| fault | times | taken over | p50 | p99 | longest | worst delay, median | worst delay |",
                "|---|---:|---:|---:|---:|---:|---:|---:|");
        outcome.byKind().forEach((kind, times) -> {
            List<Long> taken = outcome.recoveries().getOrDefault(kind, List.of());
            List<Long> worst = worst(kind);
            line("| " + kind.shown() + " | " + times + " | " + (kind.disables() ? taken.size() : "") + " | "
                    + (taken.isEmpty()
                            ? " | | "
                            : ms(Quantiles.of(taken, 0.5)) + " | " + ms(Quantiles.of(taken, 0.99)) + " | "
                                    + ms(Quantiles.of(taken, 1)))
                    + " | " + ms(Quantiles.of(worst, 0.5)) + " | " + ms(Quantiles.of(worst, 1)) + " |");
        });
        line("");
    }

    private List<Long> worst(FaultKind kind) {
        return outcome.faults().stream()
                .filter(fault -> fault.kind() == kind)
                .map(fault -> outcome.delays().stream()
                        .filter(delay -> near(fault, delay.at()))
                        .mapToLong(Delay::millis)
                        .max()
                        .orElse(0))
                .sorted()
                .toList();
    }

    private void resources() {
        line("What the nodes held before anybody came, and when everybody had gone:");
        line("");
        table("| node | pid | threads | sockets | open files | MiB resident |", "|---|---:|---:|---:|---:|---:|");
        outcome.before().forEach(footprint -> row("before", footprint));
        outcome.after().forEach(footprint -> row("after", footprint));
        line("");
        table("| table | KiB before | KiB after |", "|---|---:|---:|");
        outcome.tablesAfter()
                .forEach((name, bytes) -> line("| " + name + " | "
                        + outcome.tablesBefore().getOrDefault(name, 0L) / 1024 + " | " + bytes / 1024 + " |"));
        line("");
    }

    private void row(String when, Footprint of) {
        line("| " + of.node() + ", " + when + " | " + of.pid() + " | " + of.threads() + " | " + of.sockets() + " | "
                + of.files() + " | " + of.residentMiB() + " |");
    }

    private void answers() {
        line("What clients were answered (`0` and *no answer*: a node or its line was gone):");
        line("");
        table("| | times |", "|---|---:|");
        outcome.statuses().forEach((what, times) -> row(what, times));
        line("");
    }

    private void table(String head, String rule) {
        line(head);
        line(rule);
    }

    private void row(String what, long count) {
        line("| " + what + " | " + count + " |");
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private static String minutes(long from, long until) {
        return String.format(Locale.ROOT, "%.1f", (until - from) / 60_000.0);
    }

    private static String ms(long millis) {
        return millis < 10_000 ? millis + " ms" : String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
}
