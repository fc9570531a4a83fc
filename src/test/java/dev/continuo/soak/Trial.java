package dev.continuo.soak;

import dev.continuo.testkit.Await;
import dev.continuo.testkit.Cluster;
import dev.continuo.testkit.ClusterPlan;
import dev.continuo.testkit.LibertyNode;
import dev.continuo.testkit.ScriptedProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** One trial: a cluster, load, watchers and faults for so long, then a heal, an end, and the questions. */
final class Trial {
    private static final int NODES = 3;
    private static final int THREADS = 120;
    private static final Duration FAULTS_EVERY = Duration.ofMillis(1_700);
    private static final Duration AFTER_THE_HEAL = Duration.ofSeconds(30);
    /** What one run that waits may take in its turn, with failed calls and their waits. */
    private static final Duration ONE_TURN = Duration.ofSeconds(75);

    private static final Duration TO_GO_HOME = Duration.ofSeconds(100);
    private static final int LATE_READERS = 30;

    private final SoakOptions options;
    private final Consumer<String> say;
    private final Recorder recorder = new Recorder();
    private final List<String> troubles = new ArrayList<>();
    private int lateReaders = 1_000_000;

    private Trial(SoakOptions options, Consumer<String> say) {
        this.options = options;
        this.say = say;
    }

    static Outcome run(SoakOptions options, Consumer<String> say) {
        return new Trial(options, say).run();
    }

    private Outcome run() {
        try (var provider = ScriptedProvider.launch();
                var cluster = Cluster.launch(plan(provider, options), say)) {
            provider.tell(recorder);
            return run(cluster, provider);
        }
    }

    private static ClusterPlan plan(ScriptedProvider provider, SoakOptions options) {
        var plan = ClusterPlan.ofNodes(NODES)
                .in(SoakOptions.FOLDER.resolve("cluster"))
                .over(ClusterPlan.Lines.THAT_CAN_FAIL)
                .at(new ClusterPlan.Provider(provider.baseUrl(), "sk-scripted", "scripted"))
                .with("CONTINUO_LIMITS", "off")
                .with("CONTINUO_OPENAI_FIRST_BYTE_TIMEOUT", "PT8S")
                .with("CONTINUO_OPENAI_GAP_TIMEOUT", "PT6S");
        var built = options.war()
                .map(build -> plan.with("CONTINUO_WAR", build.toString()))
                .orElse(plan);
        return options.beside() ? built.startingOften() : built;
    }

    private Outcome run(Cluster cluster, ScriptedProvider provider) {
        var ledger = new Ledger(cluster.databaseUrl());
        ledger.watch();
        var stage = new Stage(cluster);
        warmUp(stage);
        List<Footprint> before = footprints(cluster);
        Map<String, Long> tablesBefore = ledger.sizes();

        long began = System.currentTimeMillis();
        var traffic = new Traffic(stage, recorder, options.seed(), THREADS);
        var audience = new Audience(stage, recorder, options.seed(), options.watchers());
        var injector = new Injector(cluster, ledger, recorder, options.seed(), say);
        var plan = FaultPlan.of(options.seed(), NODES, options.length(), FAULTS_EVERY);
        say.accept("Seed " + options.seed() + ": " + plan.faults().size() + " faults in " + options.minutes() + " min");
        var others = List.of(
                Thread.ofVirtual().start(() -> traffic.go(options.runsPerSecond())),
                Thread.ofVirtual().start(audience::go),
                Thread.ofVirtual().start(() -> tell(stage, traffic, audience)));
        injector.go(plan);
        cluster.heal();
        long healed = System.currentTimeMillis();
        stage.close();
        say.accept("Healed; " + traffic.sent() + " messages were sent");
        Duration patience = AFTER_THE_HEAL.plus(ONE_TURN.multipliedBy(ledger.count("""
                select coalesce(max(n), 0) from (
                  select count(*) as n from runs where finished_at is null group by thread_id) waiting""")));
        if (!ledger.awaitEnds(patience)) {
            troubles.add("some runs had not ended " + patience.toSeconds() + " s after the heal");
        }
        long ended = System.currentTimeMillis();
        others.forEach(Trial::join);
        readLate(stage, Watched.Kind.RUN, Watched.Kind.COMMITTED, Watched.Kind.CHAT, Watched.Kind.COUNTING);
        Stored stored = ledger.read();
        say.accept("All runs have ended; waiting until everybody has gone home");
        Map<String, Long> leftovers = leftovers(cluster, provider, ledger);
        List<Footprint> after = footprints(cluster);
        Map<String, Long> tablesAfter = ledger.sizes();
        readLate(stage, Watched.Kind.RUN, Watched.Kind.COMMITTED, Watched.Kind.CHAT);

        recorder.broken().forEach(e -> troubles.add("the trial itself: " + e));
        Checker.History history = recorder.history();
        var violations = new ArrayList<>(Checker.check(history, stored));
        violations.addAll(LeakCheck.of(before, after, leftovers));
        keepFrames(violations);
        return new Outcome(
                options.seed(),
                began,
                healed,
                ended,
                recorder.watchers(),
                audience.atOnce(),
                recorder.frames(),
                history.faults(),
                recorder.delays(),
                Recovery.of(history.faults(), stored),
                stored.runs().stream()
                        .collect(Collectors.groupingBy(Stored.Run::state, TreeMap::new, Collectors.counting())),
                takeovers(stored),
                stored.moves().stream()
                        .filter(move -> move.was().equals("RUNNING")
                                && move.state().equals("RUNNING")
                                && move.epoch() > move.oldEpoch())
                        .count(),
                history.calls().size(),
                recorder.statuses(),
                before,
                after,
                tablesBefore,
                tablesAfter,
                Machine.facts(ledger),
                violations.stream().distinct().toList(),
                List.copyOf(troubles));
    }

    private static long takeovers(Stored stored) {
        return stored.moves().stream()
                .filter(move -> move.isClaim() && move.oldEpoch() > 0)
                .count();
    }

    /** Pools, classes and connections are there before anything is measured. */
    private void warmUp(Stage stage) {
        var runs = new ArrayList<String>();
        for (int i = 0; i < 4 * NODES; i++) {
            LibertyNode node = stage.cluster().node(1 + i % NODES);
            var warm =
                    new Traffic.Message("A", "warm-" + i, "warm-" + i, "slow:10x50 word:wA0 # warm " + i, "continue");
            Post post = Traffic.post(stage, recorder, warm, node);
            if (!(post.answer() instanceof Post.Answer.Accepted accepted)) {
                throw new IllegalStateException("a healthy cluster takes no message: " + post);
            }
            runs.add(accepted.run());
        }
        runs.forEach(run -> stage.cluster().api(1).awaitEnd(run, Duration.ofSeconds(60)));
        stage.cluster().nodes().forEach(node -> stage.api("A", node).get("/metrics"));
    }

    private void tell(Stage stage, Traffic traffic, Audience audience) {
        int told = 0;
        for (int second = 0; stage.open(); second++) {
            if (second % 30 == 29) {
                say.accept(traffic.sent() + " messages, "
                        + recorder.history().faults().size() + " faults, " + recorder.watchers()
                        + " watchers have left");
            }
            for (var violation : audience.early().subList(told, audience.early().size())) {
                say.accept("VIOLATION " + violation);
                told++;
            }
            Pause.millis(1_000);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs that ended long ago are shown like any other, from their records or, once those are gone, from the answer. */
    private void readLate(Stage stage, Watched.Kind... kinds) {
        var random = new Random(options.seed());
        var readers = new ArrayList<Thread>();
        for (int i = 0; i < LATE_READERS; i++) {
            var kind = kinds[i % kinds.length];
            stage.any(random).ifPresent(going -> {
                var onlooker = new Onlooker(stage, recorder, new Random(random.nextLong()), going, kind, ++lateReaders);
                readers.add(Thread.ofVirtual().start(() -> recorder.add(onlooker.watch())));
            });
        }
        readers.forEach(Trial::join);
    }

    private Map<String, Long> leftovers(Cluster cluster, ScriptedProvider provider, Ledger ledger) {
        ledger.execute("update settings set segments_kept = '1 second'");
        var left = new LinkedHashMap<String, Long>();
        try {
            Await.until("nothing is left", TO_GO_HOME, Duration.ofSeconds(1), () -> {
                left.clear();
                left.put("segments of ended runs", ledger.count("select count(*) from run_segments"));
                left.put("open provider calls", (long) provider.open());
                left.put("streams on nodes", sum(cluster, "continuo_watchers"));
                left.put("tails on nodes", sum(cluster, "continuo_tails"));
                left.put("runs without an end", ledger.count("""
                        select count(*) from runs where finished_at is null"""));
                return left.values().stream().allMatch(count -> count == 0);
            });
        } catch (AssertionError e) {
            say.accept("Something is left: " + left);
        }
        return left;
    }

    private static long sum(Cluster cluster, String gauge) {
        long sum = 0;
        for (LibertyNode node : cluster.nodes()) {
            sum += cluster.api(node)
                    .get("/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(gauge + "{") || line.startsWith(gauge + " "))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
        return sum;
    }

    private static List<Footprint> footprints(Cluster cluster) {
        return cluster.nodes().stream()
                .flatMap(node -> Footprint.of(node.id(), node.pid()).stream())
                .toList();
    }

    private void keepFrames(List<Violation> violations) {
        for (var violation : violations) {
            var number = java.util.regex.Pattern.compile("watcher (\\d+)").matcher(violation.what());
            if (number.find()) {
                recorder.raw(Integer.parseInt(number.group(1))).ifPresent(this::keep);
            }
        }
    }

    private void keep(Watched watched) {
        var text = new StringBuilder(watched.kind() + " of " + watched.thread() + "\n");
        for (var connection : watched.connections()) {
            text.append("\n")
                    .append(Excerpts.around(watched, connection, -1, 0).getFirst())
                    .append('\n');
            connection
                    .events()
                    .forEach(event -> text.append(event.name() + " " + event.id() + " " + event.data() + "\n"));
        }
        Path file = SoakOptions.FOLDER.resolve("watcher-" + options.seed() + "-" + watched.number() + ".txt");
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
