package dev.continuo.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.testkit.Api;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.Cluster;
import dev.continuo.testkit.LibertyNode;
import dev.continuo.testkit.SseClient;
import dev.continuo.testkit.SseEvent;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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

    Api anyApi() {
        return cluster.api(cluster.nodes().stream()
                .filter(LibertyNode::running)
                .findFirst()
                .orElseThrow());
    }

    void awaitCommitted(String run, int idx) {
        Await.until(
                "idx " + idx + " of " + run + " is stored",
                SOON,
                () -> anyApi().run(run).path("committedIdx").asInt() >= idx);
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
                event -> event.id().startsWith(run) && event.data().contains("chunk-" + number + " "));
    }

    static String chunks(int n) {
        return IntStream.rangeClosed(1, n).mapToObj(i -> "chunk-" + i + " ").collect(Collectors.joining());
    }
}
