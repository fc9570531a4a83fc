package dev.continuo.bench;

import dev.continuo.testkit.Api;
import dev.continuo.testkit.Cluster;
import dev.continuo.testkit.ManyRuns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;

/** The same requests of a node with next to nothing finished and with very much of it. Once: in a second round, few is many. */
final class FinishedTrial {
    private static final int TIMES = 100;
    private static final int BATCH = 50_000;
    private static final int SPOKEN = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Cluster cluster;
    private final Consumer<String> progress;
    private final Jdbi jdbi;
    private final Api api;

    FinishedTrial(Cluster cluster, Consumer<String> progress) {
        this.cluster = cluster;
        this.progress = progress;
        this.jdbi = Jdbi.create(cluster.databaseUrl());
        this.api = cluster.api(1);
    }

    Map<String, Map<String, Double>> measure(int finished) {
        steps();
        var few = steps();
        write(finished);
        long scans = scans();
        steps();
        var many = steps();
        progress.accept("G-finished: " + (scans() - scans) + " scans of whole tables meanwhile");
        var rows = new LinkedHashMap<String, Map<String, Double>>();
        few.forEach((step, took) -> {
            var values = new LinkedHashMap<String, Double>();
            values.put("p50 ms with few", took);
            values.put("p50 ms with many", many.get(step));
            values.put("ratio", many.get(step) / took);
            values.put("finished", (double) finished);
            rows.put(" " + step, values);
        });
        return rows;
    }

    private void write(int finished) {
        var home = Home.in(jdbi);
        // Kept up to date, it would take most of the time; whoever searches or writes meanwhile is not measured.
        var search = jdbi.withHandle(
                h -> h.createQuery("select indexdef from pg_indexes where indexname = 'messages_search'")
                        .mapTo(String.class)
                        .one());
        jdbi.useHandle(h -> h.execute("drop index messages_search"));
        for (int written = 0; written < finished; written += BATCH) {
            progress.accept("G-finished: " + written + " of " + finished + " finished runs are written");
            ManyRuns.finished(jdbi, home.org(), home.creator(), BATCH / ManyRuns.PER_THREAD);
        }
        progress.accept("G-finished: the index for the search, vacuum and statistics");
        jdbi.useHandle(h -> h.execute("set maintenance_work_mem = '512MB'; " + search));
        jdbi.useHandle(h -> h.execute("vacuum (analyze)"));
    }

    /** Medians in milliseconds, by step. */
    private Map<String, Double> steps() {
        progress.accept("G-finished: attach, accept, claim, list and status");
        var took = new LinkedHashMap<String, Double>();
        var tag = "g-finished-" + UUID.randomUUID();
        var silent = api.say(tag, "m", "many:" + SPOKEN + " hang:" + SPOKEN + " stamp")
                .path("runId")
                .asText();
        attach(tag, 1);
        took.put("attach", attach(tag, TIMES));
        api.cancel(silent);
        var runs = new ArrayList<String>();
        took.put("accept", accept(tag, runs));
        runs.forEach(run -> api.awaitEnd(run, PATIENCE));
        took.put("claim", claimed(tag));
        took.put(
                "list of threads", median(() -> api.get("/api/threads?limit=50").expect(200)));
        took.put("status of a run", median(() -> api.get("/api/runs/" + runs.getFirst())
                .expect(200)));
        return took;
    }

    private double attach(String thread, int times) {
        var took = new Latencies();
        for (int i = 0; i < times; i++) {
            LoadClient.pauseUntil(System.nanoTime() + LengthTrial.APART.toNanos());
            took.add(LoadClient.run(new LoadClient.Plan(
                            cluster.node(1).port(),
                            cluster.apiKey(),
                            1,
                            _ -> "/api/threads/" + thread + "/attach",
                            Duration.ZERO,
                            PATIENCE,
                            SPOKEN,
                            LoadClient.Until.COMPLETE,
                            Duration.ZERO))
                    .toComplete());
        }
        return took.percentile(50);
    }

    /** Each into a new thread. */
    private double accept(String tag, List<String> runs) {
        var took = new Latencies();
        try (var poster = new Poster(cluster.node(1).port(), cluster.apiKey())) {
            for (int i = 0; i < TIMES; i++) {
                long began = System.nanoTime();
                var accepted = poster.say(tag + "-" + i, "many:1 stamp");
                took.add(System.nanoTime() - began);
                runs.add(Poster.run(accepted));
            }
        }
        return took.percentile(50);
    }

    /** From READY to RUNNING, by the clock of the database. */
    private double claimed(String tag) {
        return jdbi.withHandle(h ->
                h.createQuery("""
                        select percentile_cont(0.5) within group (order by extract(epoch from r.first_claimed_at - r.ready_at) * 1000)
                        from runs r join threads t using (thread_id) where t.client_id like :tag""").bind("tag", tag + "-%").mapTo(double.class).one());
    }

    private static double median(Runnable request) {
        var took = new Latencies();
        for (int i = 0; i < TIMES; i++) {
            long began = System.nanoTime();
            request.run();
            took.add(System.nanoTime() - began);
        }
        return took.percentile(50);
    }

    private long scans() {
        return jdbi.withHandle(h -> h.createQuery("""
                        select sum(seq_scan) from pg_stat_user_tables where relname in ('runs', 'messages', 'run_segments')""").mapTo(long.class).one());
    }
}
