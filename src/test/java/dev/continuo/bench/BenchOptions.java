package dev.continuo.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The arguments of {@code bin/bench}, checked. */
record BenchOptions(List<String> scenarios, int rounds, boolean quick, boolean profile, Optional<String> report) {
    static final List<String> ALL =
            List.of("client", "S5", "S1a", "S1b", "S2", "S6-50", "S6-100", "S6-400", "S3", "P", "S4", "T");
    /** Only where it is asked for: it takes minutes, most of them to write what is finished. */
    static final List<String> GROWTH = List.of("G-claim", "G-length", "G-size", "G-memory", "G-finished");

    private static final List<String> QUICK = List.of("client", "S5", "S1a", "S1b", "S2", "S3", "P");

    /** A sentence for the person who typed it. */
    static final class Wrong extends RuntimeException {
        Wrong(String sentence) {
            super(sentence);
        }
    }

    static BenchOptions parse(String[] arguments) {
        boolean quick = false;
        boolean profile = false;
        Optional<String> report = Optional.empty();
        int rounds = 0;
        List<String> scenarios = List.of();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--quick" -> quick = true;
                case "--growth" -> scenarios = GROWTH;
                case "--profile" -> profile = true;
                case "--report" -> report = Optional.of("docs/performance");
                case "--rounds" -> rounds = rounds(i + 1 < arguments.length ? arguments[++i] : "");
                case "--only" -> scenarios = scenarios(i + 1 < arguments.length ? arguments[++i] : "");
                default ->
                    throw new Wrong("unknown option " + arguments[i] + "; bin/bench --help lists what there is.");
            }
        }
        boolean onlyGrowth = !scenarios.isEmpty() && GROWTH.containsAll(scenarios);
        return new BenchOptions(
                scenarios.isEmpty() ? quick ? QUICK : ALL : scenarios,
                rounds > 0 ? rounds : quick || onlyGrowth ? 1 : 3,
                quick,
                profile,
                report);
    }

    private static int rounds(String number) {
        if (!number.matches("[1-9]\\d?")) {
            throw new Wrong("--rounds takes a number from 1 to 99, not '" + number + "'.");
        }
        return Integer.parseInt(number);
    }

    private static List<String> scenarios(String list) {
        var wanted = new ArrayList<String>();
        for (var name : list.split(",")) {
            if (!ALL.contains(name) && !GROWTH.contains(name)) {
                throw new Wrong("--only takes some of " + String.join(",", ALL) + "," + String.join(",", GROWTH)
                        + ", not '" + name + "'.");
            }
            wanted.add(name);
        }
        return wanted;
    }
}
