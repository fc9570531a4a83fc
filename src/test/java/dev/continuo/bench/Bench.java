package dev.continuo.bench;

import dev.continuo.testkit.Cluster;
import dev.continuo.testkit.ClusterPlan;
import dev.continuo.testkit.ManyRuns;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;

/** {@code bin/bench}: starts a node, or two for the killing, loads it, and says what came of it. */
public final class Bench {
    private static final Path FOLDER = Path.of("target", "bench");
    private static final String USAGE =
            """
            bin/bench [--quick] [--only S1a,S2,…] [--growth] [--rounds N] [--report] [--profile]
            bin/bench --scale

              --quick      one round of the short ones, about two minutes
              --only LIST  some of %s
              --growth     only %s:
                           a million finished runs (--quick: a hundred thousand), some ten minutes
              --rounds N   how often each is measured, 3 by default; medians are shown
              --report     writes docs/performance/figures.md and its plots
              --scale      no measurement: plays the model of docs/scaling.md for up to 200,000 runs at a time
              --profile    a flight recording of every measurement in target/bench; it costs some processor time itself

            It measures what it finds: on a machine that does something else as well, the figures are of both. What each
            scenario is, is said in docs/performance.md.
            """.formatted(String.join(",", BenchOptions.ALL), String.join(",", BenchOptions.GROWTH));
    private static final PrintStream OUT = System.out;
    private static final Set<String> NOT_ON_ONE_NODE = Set.of("client", "T");

    private final BenchOptions options;
    private final long began = System.nanoTime();
    private final List<Measured> all = new ArrayList<>();

    private Bench(BenchOptions options) {
        this.options = options;
    }

    public static void main(String[] arguments) {
        if (List.of(arguments).contains("--help") || List.of(arguments).contains("-h")) {
            OUT.print(USAGE);
            return;
        }
        if (List.of(arguments).equals(List.of("--scale"))) {
            OUT.print(ScaleSimulation.table());
            return;
        }
        try {
            var bench = new Bench(BenchOptions.parse(arguments));
            bench.run();
            System.exit(bench.all.stream().anyMatch(Measured::wrong) ? 1 : 0);
        } catch (BenchOptions.Wrong | IllegalStateException | UncheckedIOException | AssertionError e) {
            System.err.println("bin/bench: " + e.getMessage());
            System.exit(1);
        }
    }

    private void run() {
        var before = Cpu.Spin.now();
        if (options.scenarios().contains("client")) {
            measure("client", 1, SelfTest::measure);
        }
        if (!NOT_ON_ONE_NODE.containsAll(options.scenarios())) {
            oneNode();
        }
        if (options.scenarios().contains("T")) {
            try (var cluster = Cluster.launch(plan(3), this::say)) {
                measure("T", 1, () -> new KillTrial(cluster).measure(options.quick() ? 2 : 7));
            }
        }
        var noise = noise(before, Cpu.Spin.now());
        var table = new Table(all);
        OUT.println("\n" + table.all() + "\n" + noise);
        all.stream()
                .filter(Measured::wrong)
                .forEach(m -> OUT.println("WRONG: " + m.scenario() + " in round " + m.round() + " did not deliver "
                        + "each event once to everybody"));
        options.report().ifPresent(folder -> report(table, noise, Path.of(folder)));
    }

    private void oneNode() {
        try (var cluster = Cluster.launch(plan(1), this::say)) {
            var scenarios = new Scenarios(cluster, this::say);
            say("warming up");
            scenarios.warm();
            // What a database has that is older than a minute.
            ManyRuns.analyze(Jdbi.create(cluster.databaseUrl()));
            var growth = new Growth(cluster, this::say, options.quick() ? 100_000 : 1_000_000);
            for (int round = 1; round <= options.rounds(); round++) {
                for (var name : options.scenarios()) {
                    if (BenchOptions.GROWTH.contains(name)) {
                        grow(name, round, growth);
                    } else if (!NOT_ON_ONE_NODE.contains(name)) {
                        int number = round;
                        measure(name, round, () -> profiled(name, number, scenarios, cluster));
                    }
                }
            }
        }
    }

    private Map<String, Double> profiled(String name, int round, Scenarios scenarios, Cluster cluster) {
        if (!options.profile()) {
            return one(name, scenarios, cluster);
        }
        try (var _ = new Profile(cluster.node(1).pid(), FOLDER.resolve(name + "-" + round + ".jfr"))) {
            return one(name, scenarios, cluster);
        }
    }

    private Map<String, Double> one(String name, Scenarios scenarios, Cluster cluster) {
        return switch (name) {
            case "S1a" -> scenarios.fanOut();
            case "S1b" -> scenarios.burst();
            case "S2" -> scenarios.manyRuns(200);
            case "S3" -> scenarios.lateAttaches();
            case "S4" ->
                options.quick()
                        ? scenarios.idle(2_000, Duration.ofSeconds(12))
                        : scenarios.idle(19_500, Duration.ofSeconds(61));
            case "S5" -> scenarios.fewRuns();
            case "P" -> new PostTrial(cluster).measure(options.quick() ? 60 : 200, Duration.ofSeconds(3));
            default -> scenarios.manyRuns(Integer.parseInt(name.substring("S6-".length())));
        };
    }

    private void measure(String name, int round, Supplier<Map<String, Double>> measurement) {
        say(name + ", round " + round + " …");
        add(new Measured(name, round, measurement.get()));
    }

    private void grow(String name, int round, Growth growth) {
        say(name + ", round " + round + " …");
        growth.measure(name).forEach((row, values) -> add(new Measured(name + row, round, values)));
    }

    private void add(Measured measured) {
        all.add(measured);
        var line = new StringBuilder();
        measured.values()
                .forEach((k, v) -> line.append("  ").append(k).append(' ').append(Spread.number(v)));
        say(measured.scenario() + line);
    }

    private static ClusterPlan plan(int nodes) {
        return ClusterPlan.ofNodes(nodes)
                .in(FOLDER)
                .durable()
                .with("CONTINUO_LIMITS", "off")
                .with("CONTINUO_LIMITS_OUTPUT_BYTES", "16777216")
                // Some runs here are silent on purpose, for longer than a provider may be.
                .with("CONTINUO_OPENAI_GAP_TIMEOUT", "PT10M")
                .with("CONTINUO_RUNS_SLOTS", "1000");
    }

    private static String noise(Cpu.Spin before, Cpu.Spin after) {
        return String.format(
                java.util.Locale.ROOT,
                "Machine: %d cores, Java %s, %s %s. Noise: the same loop took %.2f ms at best and %.2f ms usually before, "
                        + "%.2f and %.2f ms after; \"other cores\" is what every other process used meanwhile.%n",
                Runtime.getRuntime().availableProcessors(),
                Runtime.version().feature(),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                before.bestMillis(),
                before.medianMillis(),
                after.bestMillis(),
                after.medianMillis());
    }

    private void report(Table table, String noise, Path folder) {
        Plots.draw(table, folder);
        try {
            Files.writeString(
                    folder.resolve("figures.md"),
                    "# Figures of " + LocalDate.now() + "\n\nWritten by `bin/bench --report`; " + options.rounds()
                            + " rounds: median (least–most). What they mean: [performance.md](../performance.md).\n\n"
                            + table.all() + "\n" + noise + "\n![CPU](cpu.svg)\n\n![Latency](latency.svg)\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        say("written: " + folder);
    }

    private void say(String message) {
        OUT.printf("%6.1f s  %s%n", (System.nanoTime() - began) / 1e9, message);
    }
}
