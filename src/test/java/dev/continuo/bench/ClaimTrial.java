package dev.continuo.bench;

import dev.continuo.run.Truth;
import dev.continuo.testkit.ManyRuns;
import dev.continuo.testkit.Postgres;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;

/** How fast a node takes runs from a queue of some length, in a database of its own that holds finished runs too. */
final class ClaimTrial {
    private static final int ORGANISATIONS = 10;
    private static final int FINISHED_THREADS = 10_000;
    private static final int MANY = 10;
    private static final int UNTIMED = 20;
    private static final Duration EACH = Duration.ofSeconds(4);

    private final Postgres postgres;
    private final Consumer<String> progress;

    ClaimTrial(Postgres postgres, Consumer<String> progress) {
        this.postgres = postgres;
        this.progress = progress;
    }

    Map<String, Map<String, Double>> measure(int... waiting) {
        var truth = new Truth(postgres.database());
        progress.accept("G-claim: writing " + FINISHED_THREADS * ManyRuns.PER_THREAD + " finished runs");
        ManyRuns.finished(truth.jdbi, truth.org, truth.ann.subject(), FINISHED_THREADS);
        var organisations =
                Stream.generate(UUID::randomUUID).limit(ORGANISATIONS).toList();
        organisations.forEach(truth::organisation);
        var rows = new LinkedHashMap<String, Map<String, Double>>();
        int there = 0;
        for (int n : waiting) {
            progress.accept("G-claim: " + n + " runs wait");
            enqueue(truth, organisations, n - there);
            there = n;
            ManyRuns.analyze(truth.jdbi);
            var values = new LinkedHashMap<String, Double>();
            claims(truth, 1, "one", values);
            claims(truth, MANY, "ten", values);
            rows.put("-" + n, values);
        }
        return rows;
    }

    private static void enqueue(Truth truth, List<UUID> organisations, int runs) {
        for (var org : organisations) {
            ManyRuns.ready(truth.jdbi, org, runs / organisations.size());
        }
    }

    /** What was claimed goes back between two claims, untimed, so that the queue keeps its length. */
    private static void claims(Truth truth, int free, String name, Map<String, Double> values) {
        var node = Truth.node("bench");
        var took = new Latencies();
        var statements = new AtomicInteger();
        truth.jdbi.setSqlLogger(new SqlLogger() {
            @Override
            public void logBeforeExecution(StatementContext statement) {
                statements.incrementAndGet();
            }
        });
        long claimed = 0;
        long nanos = 0;
        int asked = 0;
        long until = System.nanoTime() + EACH.toNanos();
        for (int i = 0; i < 2 * UNTIMED || System.nanoTime() < until; i++) {
            int before = statements.get();
            long began = System.nanoTime();
            int n = truth.claim(node, free).size();
            long one = System.nanoTime() - began;
            if (i >= UNTIMED) {
                took.add(one);
                nanos += one;
                claimed += n;
                asked += statements.get() - before;
            }
            truth.execute("""
                    update runs set state = 'READY', epoch = 0, attempt = 0, claim_id = null, owner = null, owner_boot = null,
                      ready_at = clock_timestamp() where state = 'RUNNING'""");
        }
        truth.jdbi.setSqlLogger(new SqlLogger() {});
        values.put(name + ": claims/s", claimed / (nanos / 1e9));
        values.put(name + ": p50 ms", took.percentile(50));
        values.put(name + ": p99 ms", took.percentile(99));
        values.put(name + ": statements", asked / (double) took.count());
    }
}
