package dev.continuo.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.continuo.bench.LoadClient.Plan;
import dev.continuo.bench.LoadClient.Until;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.Cluster;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** The loads of docs/performance.md against one node. */
final class Scenarios {
    private static final int POSTERS = 4;
    private static final Duration SPREAD = Duration.ofMillis(1037);
    /** What a process needs beside its streams. */
    private static final int SPARE_FILES = 100;

    private final Cluster cluster;
    private final Consumer<String> progress;
    private final Cpu cpu;
    private final int port;
    private int tags;

    Scenarios(Cluster cluster, Consumer<String> progress) {
        this.cluster = cluster;
        this.progress = progress;
        this.port = cluster.node(1).port();
        this.cpu = cpuOf(cluster);
    }

    static Cpu cpuOf(Cluster cluster) {
        return new Cpu()
                .of("liberty", () -> cluster.nodes().stream().map(n -> n.pid()).toList())
                .of("nats", () -> List.of(cluster.nats().pid()))
                .withChildren("postgresql", cluster.postgres().pid())
                .of("provider", () -> List.of(cluster.providerPid()))
                .of("client", () -> List.of(ProcessHandle.current().pid()));
    }

    /** Both ways through the server, long enough for the compiler: a long replay, and many small live chunks. */
    void warm() {
        runs("warm", 4, 2, "many:2000 ttft:200", 2000);
        runs("warm", 80, 2, "slow:80x25 ttft:300", 80);
        runs("warm", 80, 2, "slow:80x25 ttft:300", 80);
    }

    Map<String, Double> fanOut() {
        return runs("S1a", 1, 500, "slow:600x10 ttft:3000", 600);
    }

    Map<String, Double> burst() {
        long before = Cpu.residentKb(cluster.node(1).pid());
        var values = runs("S1b", 1, 500, "many:20000 ttft:3000", 20_000);
        values.put("RSS growth MB", (Cpu.residentKb(cluster.node(1).pid()) - before) / 1024.0);
        return values;
    }

    Map<String, Double> manyRuns(int runs) {
        return runs("S2", runs, 2, "slow:120x50 ttft:2500", 120);
    }

    Map<String, Double> fewRuns() {
        return runs("S5", 10, 1, "slow:200x50 ttft:1500", 200);
    }

    /** Everybody watches before the first message is sent, however long the server takes for both. */
    private Map<String, Double> runs(String name, int runs, int watchersEach, String prompt, int chunks) {
        var tag = tag(name);
        create(tag, runs);
        var reading = cpu.read();
        var watched = LoadClient.run(
                new Plan(
                        port,
                        cluster.apiKey(),
                        runs * watchersEach,
                        i -> "/api/threads/" + tag + "-" + i % runs + "/attach",
                        Duration.ofNanos(500_000),
                        Duration.ofSeconds(60),
                        chunks,
                        Until.TERMINAL,
                        Duration.ZERO),
                () -> post(tag, prompt + " stamp", runs));
        return values(watched, reading.sinceThen());
    }

    private void create(String tag, int threads) {
        try (var poster = new Poster(port, cluster.apiKey())) {
            for (int i = 0; i < threads; i++) {
                poster.create(tag + "-" + i);
            }
        }
    }

    /** A run that has said 10,000 chunks and is silent; 50 come late and want all of it. */
    Map<String, Double> lateAttaches() {
        var tag = tag("S3");
        post(tag, "many:10000 hang:10000 stamp", 1);
        attach(tag, 1, 10_000);
        var reading = cpu.read();
        return values(attach(tag, 50, 10_000), reading.sinceThen());
    }

    private LoadClient.Result attach(String tag, int watchers, int expected) {
        return LoadClient.run(new Plan(
                port,
                cluster.apiKey(),
                watchers,
                _ -> "/api/threads/" + tag + "-0/attach",
                Duration.ZERO,
                Duration.ofSeconds(40),
                expected,
                Until.COMPLETE,
                Duration.ZERO));
    }

    /** Streams on which nothing happens but keepalives. */
    Map<String, Double> idle(int streams, Duration hold) {
        awaitRoom(streams);
        var tag = tag("S4");
        post(tag, "many:5 hang:5 stamp", 1);
        attach(tag, 1, 5);
        long before = Cpu.residentKb(cluster.node(1).pid());
        var reading = cpu.read();
        var seconds = new AtomicInteger();
        var most = new AtomicInteger();
        var resident = new java.util.concurrent.atomic.AtomicLong();
        var watched = LoadClient.run(
                new Plan(
                        port,
                        cluster.apiKey(),
                        streams,
                        _ -> "/api/threads/" + tag + "-0/attach",
                        Duration.ofMillis(1),
                        Duration.ofMillis(streams).plus(hold).plusSeconds(60),
                        5,
                        Until.HELD,
                        hold),
                open -> {
                    most.accumulateAndGet(open, Math::max);
                    resident.accumulateAndGet(Cpu.residentKb(cluster.node(1).pid()), Math::max);
                    if (seconds.incrementAndGet() % 10 == 0) {
                        progress.accept("S4: " + open + " streams open");
                    }
                });
        var values = values(watched, reading.sinceThen());
        values.put("open at the end", (double) watched.open());
        values.put("refused", (double) watched.refused());
        values.put("closed", (double) watched.lost());
        values.put("kB each", (resident.get() - before) / (double) Math.max(1, most.get()));
        return values;
    }

    /** Connections of earlier scenarios are kept open for a while. */
    private static void awaitRoom(int streams) {
        var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long limit = system.getMaxFileDescriptorCount();
        Await.until(
                "room for %,d streams below the limit of %,d open files; raise it with ulimit -n, or take --quick"
                        .formatted(streams, limit),
                Duration.ofSeconds(90),
                Duration.ofMillis(500),
                () -> limit - system.getOpenFileDescriptorCount() >= streams + SPARE_FILES);
    }

    private String tag(String name) {
        return name.toLowerCase(java.util.Locale.ROOT) + "-"
                + ProcessHandle.current().pid() + "-" + ++tags;
    }

    /** The runs start out of phase, as runs do. */
    private void post(String tag, String prompt, int runs) {
        long gap = SPREAD.toNanos() / runs;
        long began = System.nanoTime();
        var next = new AtomicInteger();
        try (var posters = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = IntStream.range(0, Math.min(POSTERS, runs))
                    .mapToObj(_ -> posters.submit(() -> {
                        try (var poster = new Poster(port, cluster.apiKey())) {
                            for (int i = next.getAndIncrement(); i < runs; i = next.getAndIncrement()) {
                                LoadClient.pauseUntil(began + i * gap);
                                poster.say(tag + "-" + i, prompt);
                            }
                        }
                    }))
                    .toList();
            for (var one : all) {
                one.get();
            }
        } catch (java.util.concurrent.ExecutionException | InterruptedException e) {
            throw new IllegalStateException("posting the runs of " + tag, e);
        }
    }

    private static Map<String, Double> values(LoadClient.Result r, Cpu.Used used) {
        var v = new LinkedHashMap<String, Double>();
        v.put("complete %", 100.0 * r.complete() / r.streams());
        v.put("missing", (double) r.missing());
        v.put("doubled", (double) r.doubled());
        v.put("events", (double) r.events());
        v.put("events/s", r.events() / Math.max(1e-9, r.seconds()));
        v.put("p50 ms", r.latencies().percentile(50));
        v.put("p99 ms", r.latencies().percentile(99));
        v.put("whole p50 ms", r.toComplete().percentile(50));
        v.put("whole max ms", r.toComplete().percentile(100));
        used.seconds().forEach((who, s) -> v.put(who + " µs", 1e6 * s / Math.max(1, r.events())));
        v.put("servers µs", 1e6 * used.servers() / Math.max(1, r.events()));
        v.put("client %", 100 * used.of("client") / used.wall());
        v.put("provider %", 100 * used.of("provider") / used.wall());
        v.put("other cores", used.otherCores());
        return v;
    }
}
