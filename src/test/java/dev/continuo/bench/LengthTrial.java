package dev.continuo.bench;

import dev.continuo.log.Chunk;
import dev.continuo.log.Chunks;
import dev.continuo.log.Segment;
import dev.continuo.run.Snapshots;
import dev.continuo.run.Truth;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.Cluster;
import dev.continuo.testkit.ManyRuns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;

/** From the request to the last word of a long run: of one that said all at once and is silent since, to the first watcher of
 * a node and to the next, and of one that has ended, each of whose words is an event of its own. */
final class LengthTrial {
    private static final int NEXT = 5;
    private static final int PER_SEGMENT = 100;
    /** A node looks at a thread at most every 50 ms, for all who came meanwhile: who comes alone does not wait. */
    static final Duration APART = Duration.ofMillis(120);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Cluster cluster;
    private final Consumer<String> progress;
    private final Jdbi jdbi;

    LengthTrial(Cluster cluster, Consumer<String> progress) {
        this.cluster = cluster;
        this.progress = progress;
        this.jdbi = Jdbi.create(cluster.databaseUrl());
    }

    Map<String, Map<String, Double>> measure(int... lengths) {
        var rows = new LinkedHashMap<String, Map<String, Double>>();
        for (int words : lengths) {
            progress.accept("G-length: " + words + " words");
            var values = new LinkedHashMap<String, Double>();
            running(words, values);
            ended(words, values);
            rows.put("-" + words, values);
        }
        return rows;
    }

    private void running(int words, Map<String, Double> values) {
        var thread = "g-length-" + UUID.randomUUID();
        var api = cluster.api(1);
        var run = UUID.fromString(api.say(thread, "m", "many:" + words + " hang:" + words + " stamp")
                .path("runId")
                .asText());
        var written = new Snapshots(jdbi);
        Await.until("all is committed", PATIENCE, Duration.ofMillis(200), () -> {
            var records = written.written(run).records();
            return !records.isEmpty() && records.getLast().toString().contains(words + "@");
        });
        var path = "/api/threads/" + thread + "/attach";
        values.put("first ms", attach(path, 1, words, values));
        try (var other = api.attach(thread)) {
            other.await("the last word", PATIENCE, e -> e.data().contains(words + "@"));
            values.put("next ms", attach(path, NEXT, words, values));
        }
        values.put("records", (double) written.written(run).records().size());
        api.cancel(run.toString());
        api.awaitEnd(run.toString(), PATIENCE);
    }

    private void ended(int words, Map<String, Double> values) {
        var run = write(words);
        values.put("ended ms", attach("/api/runs/" + run + "/attach", NEXT, words, values));
    }

    /** One after the other; the median. */
    private double attach(String path, int times, int words, Map<String, Double> values) {
        var took = new Latencies();
        for (int i = 0; i < times; i++) {
            LoadClient.pauseUntil(System.nanoTime() + APART.toNanos());
            var result = LoadClient.run(new LoadClient.Plan(
                    cluster.node(1).port(),
                    cluster.apiKey(),
                    1,
                    _ -> path,
                    Duration.ZERO,
                    PATIENCE,
                    words,
                    LoadClient.Until.COMPLETE,
                    Duration.ZERO));
            took.add(result.toComplete());
            values.merge("missing", (double) result.missing(), Double::sum);
            values.merge("doubled", (double) result.doubled(), Double::sum);
            values.merge("complete %", 100.0 * result.complete(), Math::min);
        }
        return took.percentile(50);
    }

    /** A run that has just ended, by SQL: a provider that speaks so fast has its words joined. */
    private UUID write(int words) {
        var home = Home.in(jdbi);
        ManyRuns.finished(jdbi, home.org(), home.creator(), 1);
        return jdbi.inTransaction(h -> {
            var run = h.createQuery(
                            "select head_run from threads where creator = :creator order by created_at, head_run limit 1")
                    .bind("creator", home.creator())
                    .mapTo(UUID.class)
                    .one();
            long now = LoadClient.epochNanos();
            var insert = h.prepareBatch("""
                    insert into run_segments (run_id, first_idx, last_idx, epoch, payload) values (:run, :first, :last, 1, :payload)""");
            for (int first = 1; first <= words; first += PER_SEGMENT) {
                List<Chunk> chunks = new ArrayList<>();
                for (int i = first; i < first + PER_SEGMENT && i <= words; i++) {
                    chunks.add(Chunks.textDelta("t1", i + "@" + now + " "));
                }
                var segment = Segment.of(Truth.records(1, first, chunks), OptionalLong.empty())
                        .orElseThrow();
                insert.bind("run", run)
                        .bind("first", segment.first())
                        .bind("last", segment.last())
                        .bind("payload", segment.payload())
                        .add();
            }
            insert.execute();
            h.createUpdate("""
                            update runs set committed_idx = :words, finished_at = clock_timestamp() where run_id = :run""").bind("words", words).bind("run", run).execute();
            h.createUpdate("update threads set created_at = clock_timestamp() where head_run = :run")
                    .bind("run", run)
                    .execute();
            return run;
        });
    }
}
