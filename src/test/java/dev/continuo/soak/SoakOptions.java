package dev.continuo.soak;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The arguments of {@code bin/soak}, checked; what is wrong with them is one sentence.
 *
 * @param war another build than the one at hand; for tests only
 * @param beside whether other work has the machine, too, so that nodes start with as little of it as they can
 */
record SoakOptions(
        double minutes,
        long seed,
        double runsPerSecond,
        int watchers,
        Optional<Path> report,
        Optional<Path> war,
        boolean beside) {
    static final Path FOLDER = Path.of("target", "soak");

    /** A sentence for the person who typed it. */
    static final class Wrong extends RuntimeException {
        Wrong(String sentence) {
            super(sentence);
        }
    }

    static SoakOptions parse(String... args) {
        double minutes = 10;
        long seed = 1;
        double rate = 3.2;
        int watchers = 200;
        Optional<Path> report = Optional.empty();
        for (int i = 0; i < args.length; i += 2) {
            String value = i + 1 < args.length ? args[i + 1] : "";
            switch (args[i]) {
                case "--minutes" -> minutes = number("--minutes", value, 0.5, 600);
                case "--seed" -> seed = (long) number("--seed", value, 0, Integer.MAX_VALUE);
                case "--runs-per-second" -> rate = number("--runs-per-second", value, 0.1, 100);
                case "--watchers" -> watchers = (int) number("--watchers", value, 1, 2_000);
                case "--report" -> report = Optional.of(Path.of(value)).filter(path -> !value.isEmpty());
                default -> throw new Wrong("unknown option " + args[i] + "; bin/soak --help lists what there is.");
            }
        }
        return new SoakOptions(minutes, seed, rate, watchers, report, Optional.empty(), false);
    }

    SoakOptions of(Path build) {
        return new SoakOptions(minutes, seed, runsPerSecond, watchers, report, Optional.of(build), beside);
    }

    SoakOptions besideOtherWork() {
        return new SoakOptions(minutes, seed, runsPerSecond, watchers, report, war, true);
    }

    private static double number(String option, String value, double least, double most) {
        try {
            double number = Double.parseDouble(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number out of range.
        }
        throw new Wrong(option + " takes a number from " + least + " to " + most + ", not '" + value + "'.");
    }

    Duration length() {
        return Duration.ofMillis((long) (minutes * 60_000));
    }
}
