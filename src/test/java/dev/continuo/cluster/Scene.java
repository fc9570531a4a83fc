package dev.continuo.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.testkit.Api;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.Cluster;
import dev.continuo.testkit.LibertyNode;
import dev.continuo.testkit.RunView;
import dev.continuo.testkit.SseClient;
import dev.continuo.testkit.SseEvent;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.ds.PGSimpleDataSource;

/** What the tests on three nodes have in common: a thread of its own for each, and facts to wait for. */
final class Scene {
    static final Duration SOON = Duration.ofSeconds(60);

    final Cluster cluster;
    final String thread = "t-" + UUID.randomUUID();

    private Scene(Cluster cluster) {
        this.cluster = cluster;
    }

    static Scene open() {
        var cluster = Cluster.shared();
        cluster.heal();
        return new Scene(cluster);
    }

    /** The prompt is unique, because the provider counts calls by it. */
    String prompt(String script) {
        return script + " # " + UUID.randomUUID();
    }

    String say(int node, String prompt) {
        return cluster.api(node)
                .say(thread, UUID.randomUUID().toString(), prompt)
                .path("runId")
                .asText();
    }

    /** The same to an agent. */
    String say(int node, String prompt, String agent) {
        var message = Api.message(UUID.randomUUID().toString(), prompt);
        return api(node)
                .post("/api/threads/" + thread + "/messages", "{\"agent\":\"" + agent + "\"," + message.substring(1))
                .expect(202)
                .json()
                .path("runId")
                .asText();
    }

    Api api(int node) {
        return cluster.api(node);
    }

    LibertyNode ownerOf(String run) {
        var owner = new LibertyNode[1];
        Await.until("some node runs " + run, SOON, () -> {
            JsonNode view = anyApi().run(run);
            if (view.path("state").asText().equals("running")) {
                owner[0] = cluster.node(view.path("node").asText());
            }
            return owner[0] != null;
        });
        return owner[0];
    }

    /** Who goes on after that one. */
    LibertyNode ownerAfter(LibertyNode dead, String run) {
        var next = new LibertyNode[1];
        Await.until("another node than " + dead.id() + " runs " + run, SOON, () -> {
            var view = readyBeside(dead).run(run);
            if (view.path("state").asText().equals("running")
                    && !view.path("node").asText().equals(dead.id())) {
                next[0] = cluster.node(view.path("node").asText());
            }
            return next[0] != null;
        });
        return next[0];
    }

    /** Who asked the model last, whoever has the run now. */
    LibertyNode lastOwner(String run) {
        return cluster.node(
                sql("select node from run_attempts where run_id = '" + run + "' order by epoch desc, step desc limit 1")
                        .orElseThrow());
    }

    /** A node beside that one, once one is ready: others may have been killed and be on their way back. */
    Api readyBeside(LibertyNode node) {
        var ready = new LibertyNode[1];
        Await.until("a node beside " + node.id() + " is ready", Duration.ofMinutes(3), () -> {
            ready[0] = cluster.nodes().stream()
                    .filter(other -> other != node && isReady(other))
                    .findFirst()
                    .orElse(null);
            return ready[0] != null;
        });
        return cluster.api(ready[0]);
    }

    /** Of some node that is. */
    Api anyReady() {
        awaitReady(1);
        return cluster.api(
                cluster.nodes().stream().filter(Scene::isReady).findFirst().orElseThrow());
    }

    /** So many nodes are back: one may die, and others are there. */
    void awaitReady(int nodes) {
        Await.until(
                nodes + " nodes are ready",
                Duration.ofMinutes(3),
                () -> cluster.nodes().stream().filter(Scene::isReady).count() >= nodes);
    }

    private static boolean isReady(LibertyNode node) {
        return node.running() && node.ready();
    }

    /** Holds the finish of a run back by a lock on its thread, and returns once all that it says is stored. */
    HeldFinish holdFinish(String run) {
        var held = new HeldFinish(cluster.databaseUrl(), run);
        Await.until(
                "the last step of " + run + " is stored", SOON, () -> sql("select 1 from run_segments where run_id = '"
                                + run + "' and position('\"final\"' in convert_from(payload, 'UTF8')) > 0")
                        .isPresent());
        return held;
    }

    Api anyApi() {
        return cluster.api(cluster.nodes().stream()
                .filter(LibertyNode::running)
                .findFirst()
                .orElseThrow());
    }

    void awaitCommitted(String run, int idx) {
        Await.until("idx " + idx + " of " + run + " is stored", SOON, () -> sql("select 1 from runs where run_id = '"
                        + run + "' and committed_idx >= " + idx)
                .isPresent());
    }

    static SseEvent awaitTerminal(SseClient watcher, String run) {
        return watcher.await("the terminal of " + run, SOON, isTerminalOf(run));
    }

    static Predicate<SseEvent> isTerminalOf(String run) {
        return event -> event.is("terminal") && event.data().contains(run);
    }

    /** By its text: on a busy machine several chunks are one record, so an idx may never come. */
    static SseEvent awaitChunk(SseClient watcher, String run, int number) {
        return watcher.await(
                "chunk " + number + " of " + run,
                SOON,
                event -> event.id().startsWith(run) && isChunk(event.data(), "chunk-" + number));
    }

    /** Padded words go on with a dash. */
    private static boolean isChunk(String data, String word) {
        return data.contains(word + " ") || data.contains(word + "-");
    }

    /** Another node than that one, asked directly. */
    Api beside(LibertyNode node) {
        return cluster.api(cluster.survivorOf(node));
    }

    /** The first column of the first row; empty where there is no row, or null in it. */
    Optional<String> sql(String query) {
        var source = new PGSimpleDataSource();
        source.setUrl(cluster.databaseUrl());
        try (var connection = source.getConnection();
                var statement = connection.createStatement()) {
            if (!statement.execute(query)) {
                return Optional.empty();
            }
            var rows = statement.getResultSet();
            return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
        } catch (SQLException e) {
            throw new AssertionError(query, e);
        }
    }

    /** Returns the time at which another epoch of the run was opened. */
    long awaitOpened(String run, int epoch) {
        Await.until(
                "epoch " + epoch + " of " + run + " is open",
                SOON,
                () -> sql("select 1 from run_epochs where run_id = '" + run + "' and epoch >= " + epoch)
                        .isPresent());
        return System.nanoTime();
    }

    /** That everybody who watched to the end saw what is stored, and that it is this text. */
    void assertAllSaw(String run, String text, List<SseClient> watchers) {
        assertThat(RunView.stored(anyApi(), thread, run)).isEqualTo(text);
        for (var watcher : watchers) {
            var view = RunView.of(run, watcher.events());
            assertThat(view.text()).isEqualTo(text);
            assertThat(view.rewinds()).hasSizeLessThanOrEqualTo(1);
            watcher.close();
        }
    }

    static String chunks(int n) {
        return IntStream.rangeClosed(1, n).mapToObj(i -> "chunk-" + i + " ").collect(Collectors.joining());
    }
}
