package dev.continuo.soak;

import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** {@code bin/soak}: one trial, its report, and an exit code that says whether every promise was kept. */
public final class Soak {
    private static final PrintStream OUT = System.out;
    private static final String USAGE = """
            bin/soak [--minutes M] [--seed S] [--watchers N] [--runs-per-second R] [--report DIR]

              --minutes M           how long faults and load last, 10 by default
              --seed S              which faults befall whom and when, 1 by default
              --watchers N          so many at once, 200 by default
              --runs-per-second R   how many messages are sent, 3.2 by default
              --report DIR          where the report goes, target/soak by default

            Three nodes, PostgreSQL, NATS, a scripted provider, a proxy in every line. The report is soak-S.md with a plot
            beside it. Exit code 1: a promise was broken; the violations are in the report and on the screen.
            """;

    private Soak() {}

    public static void main(String[] args) {
        if (List.of(args).contains("--help") || List.of(args).contains("-h")) {
            OUT.print(USAGE);
            return;
        }
        try {
            System.exit(run(SoakOptions.parse(args)));
        } catch (SoakOptions.Wrong | IllegalStateException | UncheckedIOException | AssertionError e) {
            System.err.println("bin/soak: " + e.getMessage());
            System.exit(2);
        }
    }

    private static int run(SoakOptions options) {
        long began = System.nanoTime();
        Outcome outcome =
                Trial.run(options, message -> OUT.printf("%6.1f s  %s%n", (System.nanoTime() - began) / 1e9, message));
        Path report = Report.write(outcome, options.report().orElse(SoakOptions.FOLDER));
        outcome.violations().forEach(OUT::println);
        outcome.troubles().forEach(trouble -> OUT.println("trouble: " + trouble));
        OUT.println(outcome.brief());
        OUT.println("Report: " + report);
        return outcome.violations().isEmpty() && outcome.troubles().isEmpty() ? 0 : 1;
    }
}
