package dev.continuo.bench;

import dev.continuo.run.Opening;
import dev.continuo.run.Steps;
import dev.continuo.run.Truth;
import dev.continuo.testkit.Postgres;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** What a finished run leaves on the disk of PostgreSQL, indexes included, and what the search costs of it. */
final class SizeTrial {
    private static final List<String> TABLES =
            List.of("threads", "runs", "messages", "run_epochs", "run_attempts", "run_segments");
    /** One conversation: so many runs of so many segments of so many words. */
    private static final int PER_THREAD = 10;

    private static final int SEGMENTS = 20;
    private static final int WORDS = 10;
    private static final int SECONDS_OF_A_DAY = 86_400;
    private static final int SEGMENTS_KEPT_SECONDS = 900;
    private static final int SEARCHED = 20_000;
    private static final int ROUNDS = 3;

    private final Postgres postgres;
    private final Consumer<String> progress;

    SizeTrial(Postgres postgres, Consumer<String> progress) {
        this.postgres = postgres;
        this.progress = progress;
    }

    Map<String, Map<String, Double>> measure(int runs) {
        var database = postgres.database();
        // Nothing is timed until the search, so nothing needs to wait for the disk.
        Jdbi.create(database.dataSource())
                .useHandle(h -> h.execute("alter database " + database.name() + " set synchronous_commit = off"));
        var truth = new Truth(database);
        progress.accept("G-size: " + runs + " runs from their message to their end");
        converse(truth, PER_THREAD);
        var before = sizes(truth);
        converse(truth, runs);
        var after = sizes(truth);
        var values = new LinkedHashMap<String, Double>();
        double kept = 0;
        for (var table : TABLES) {
            double each = (after.get(table) - before.get(table)) / (double) runs;
            values.put(table + " B", each);
            kept += table.equals("run_segments") ? 0 : each;
        }
        truth.execute("update runs set finished_at = finished_at - interval '1 day'");
        truth.tx.run(truth.janitor::deleteOldSegments);
        truth.execute("vacuum run_segments");
        values.put("run_segments after the janitor B", sizes(truth).get("run_segments") / (double) runs);
        values.put("stays per run B", kept);
        values.put("a day at 1 run/s GB", kept * SECONDS_OF_A_DAY / 1e9);
        values.put("segments then MB", values.get("run_segments B") * SEGMENTS_KEPT_SECONDS / 1e6);
        search(truth, values);
        return Map.of("", values);
    }

    private static void converse(Truth truth, int runs) {
        var node = Truth.node("bench");
        var steps = Steps.on(truth);
        for (int i = 0; i < runs; i++) {
            truth.post("conversation " + i / PER_THREAD);
            var claim = truth.claimOne(node);
            truth.open(Opening.first(claim.fence(), node.name()));
            steps.attempts().begin(claim.fence(), 1, "scripted");
            truth.flushOne(Truth.opening(claim, words(i, 0)));
            for (int s = 1; s < SEGMENTS; s++) {
                truth.flushOne(Truth.words(claim.fence(), 3 + s * WORDS, words(i, s)));
            }
            truth.complete(claim.fence());
        }
    }

    private static String[] words(int run, int segment) {
        return IntStream.range(0, WORDS)
                .mapToObj(w -> "word" + (run * 31 + segment * 7 + w * w * 17) % 5000 + " ")
                .toArray(String[]::new);
    }

    private static Map<String, Long> sizes(Truth truth) {
        var sizes = new LinkedHashMap<String, Long>();
        TABLES.forEach(t -> sizes.put(t, truth.one("select pg_total_relation_size('" + t + "')", long.class)));
        return sizes;
    }

    /** The same answers into two copies of the table, one without the index for the search, in turns. */
    private void search(Truth truth, Map<String, Double> values) {
        progress.accept(
                "G-size: " + ROUNDS + " times " + SEARCHED + " messages with the index for the search, and without");
        truth.jdbi.useHandle(h -> {
            h.execute("create table with_search (like messages including all)");
            h.execute("create table without_search (like messages including all)");
            h.execute("drop index " + h.createQuery("""
                            select indexname from pg_indexes where tablename = 'without_search' and indexdef like '%gin%'""").mapTo(String.class).one());
            var with = new Latencies();
            var without = new Latencies();
            for (int round = 0; round < ROUNDS; round++) {
                without.add(insert(h, "without_search"));
                with.add(insert(h, "with_search"));
            }
            long large = size(h, "with_search");
            long small = size(h, "without_search");
            values.put("search B per answer", (large - small) / (double) (ROUNDS * SEARCHED));
            values.put("search size ×", large / (double) small);
            values.put("search insert ×", with.percentile(50) / without.percentile(50));
        });
    }

    private static long size(Handle h, String table) {
        return h.createQuery("select pg_total_relation_size('" + table + "')")
                .mapTo(long.class)
                .one();
    }

    private static long insert(Handle h, String table) {
        long began = System.nanoTime();
        h.execute("""
                insert into %s (message_id, thread_id, turn, ord, role, parts, run_id)
                select gen_random_uuid(), gen_random_uuid(), 1, 1, 'assistant',
                  (select jsonb_build_array(jsonb_build_object('type', 'text', 'text', string_agg('word' || (i * 31 + w * w * 17) %% 5000, ' ')))
                   from generate_series(1, %d) w), gen_random_uuid()
                from generate_series(1, %d) i""".formatted(table, SEGMENTS * WORDS, SEARCHED));
        return System.nanoTime() - began;
    }
}
