package dev.continuo.cluster;

import static dev.continuo.cluster.Scene.SOON;
import static dev.continuo.cluster.Scene.awaitChunk;
import static dev.continuo.cluster.Scene.awaitTerminal;
import static dev.continuo.cluster.Scene.chunks;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.testkit.Api;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.Cluster;
import dev.continuo.testkit.ClusterPlan;
import dev.continuo.testkit.NatsCluster;
import dev.continuo.testkit.Postgres;
import dev.continuo.testkit.PostgresPair;
import dev.continuo.testkit.RunView;
import dev.continuo.testkit.SseClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Three nodes as in production: three brokers with three copies of the stream, a database with a synchronous standby. */
class HighAvailabilityIT {
    private static NatsCluster brokers;
    private static PostgresPair database;
    private static Cluster cluster;

    @BeforeAll
    static void launch() {
        brokers = NatsCluster.launch();
        database = PostgresPair.launch(Path.of("target", "ha-postgres"), "continuo");
        cluster = Cluster.launch(new ClusterPlan(
                        Path.of("target", "ha"),
                        3,
                        ClusterPlan.ANY_PORT,
                        Postgres.Durability.SURVIVES_A_KILL,
                        Optional.of(database.jdbcUrl()),
                        Optional.of(brokers.urls()),
                        Optional.empty(),
                        Map.of("CONTINUO_NATS_REPLICAS", "3", "CONTINUO_DRAIN", "PT1S"),
                        ClusterPlan.Lines.DIRECT)
                .startingOften());
    }

    @AfterAll
    static void end() {
        if (cluster != null) {
            cluster.close();
        }
        if (database != null) {
            database.close();
        }
        if (brokers != null) {
            brokers.close();
        }
    }

    /** One run that is under way, and who watches it. */
    private record Watched(String run, String prompt, SseClient watcher) {}

    private static List<Watched> runsUnderWay(String script) {
        var all = new ArrayList<Watched>();
        for (int i = 0; i < 6; i++) {
            var prompt = script + " # " + UUID.randomUUID();
            var run = cluster.api(1 + i % 3)
                    .say("t-" + UUID.randomUUID(), UUID.randomUUID().toString(), prompt)
                    .path("runId")
                    .asText();
            all.add(new Watched(run, prompt, cluster.api(1 + (i + 1) % 3).attachRun(run)));
        }
        all.forEach(w -> awaitChunk(w.watcher(), w.run(), 20));
        return all;
    }

    private static void allEndUndisturbed(List<Watched> all, int chunks) {
        for (var w : all) {
            awaitTerminal(w.watcher(), w.run());
            var view = RunView.of(w.run(), w.watcher().events());
            assertThat(view.text()).isEqualTo(chunks(chunks));
            assertThat(view.state()).isEqualTo("completed");
            assertThat(view.rewinds()).isEmpty();
            assertThat(view.epochs().values()).as("nobody stole it").containsOnly(1L);
            assertThat(cluster.providerCalls(w.prompt())).isEqualTo(1);
            w.watcher().close();
        }
    }

    @Test
    void the_broker_that_leads_the_stream_is_killed_during_runs() {
        Await.until("all nodes have found the stream", SOON, () -> cluster.nodes().stream()
                .allMatch(node ->
                        readiness(cluster.api(node)).path("natsStream").asText().equals("found")));
        var runs = runsUnderWay("slow:250x40");
        long killed = System.nanoTime();
        brokers.kill9(brokers.leader("CONTINUO"));
        allEndUndisturbed(runs, 250);
        Figures.print("broker leader killed: until all runs under way had ended", killed, System.nanoTime());
        brokers.heal();
        Await.until("all nodes are connected again", SOON, () -> cluster.nodes().stream()
                .allMatch(node -> {
                    var data = readiness(cluster.api(node));
                    return data.path("nats").asText().equals("connected")
                            && data.path("natsStream").asText().equals("found");
                }));
    }

    @Test
    void the_primary_is_killed_during_runs_and_the_standby_takes_its_place() {
        var accepted = new HashMap<String, String>();
        var runs = runsUnderWay("slow:300x40");
        for (int i = 0; i < 20; i++) {
            var key = UUID.randomUUID().toString();
            accepted.put(
                    key,
                    cluster.api(1 + i % 3)
                            .say("t-" + key, key, "many:3 # " + key)
                            .path("runId")
                            .asText());
        }
        database.killPrimary();
        var refused = cluster.api(2)
                .post(
                        "/api/threads/t-" + UUID.randomUUID() + "/messages",
                        Api.message(UUID.randomUUID().toString(), "many:1"));
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.headers().firstValue("retry-after")).isPresent();

        database.promote();
        long promoted = System.nanoTime();
        for (int node = 1; node <= 3; node++) {
            var api = cluster.api(node);
            var key = UUID.randomUUID().toString();
            Await.until(
                    "node " + node + " accepts again",
                    SOON,
                    Duration.ofMillis(100),
                    () -> api.post("/api/threads/t-" + key + "/messages", Api.message(key, "many:3 # " + key))
                                    .status()
                            == 202);
            Figures.print("failover: from the promotion until node " + node + " accepts", promoted, System.nanoTime());
        }
        allEndUndisturbed(runs, 300);
        accepted.forEach((key, run) -> {
            assertThat(cluster.api(1).awaitEnd(run, SOON).path("state").asText())
                    .isEqualTo("completed");
            assertThat(cluster.api(3)
                            .say("t-" + key, key, "many:3 # " + key)
                            .path("runId")
                            .asText())
                    .as("an acknowledged message is there once")
                    .isEqualTo(run);
        });
    }

    private static JsonNode readiness(Api node) {
        for (var check : node.get("/health/ready").json().path("checks")) {
            if (check.path("name").asText().equals("node")) {
                return check.path("data");
            }
        }
        throw new AssertionError("no check of that name");
    }
}
