package dev.continuo.cluster;

import static dev.continuo.cluster.Scene.SOON;
import static dev.continuo.cluster.Scene.awaitTerminal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.testkit.Api;
import dev.continuo.testkit.RunView;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AcceptanceIT {
    private final Scene scene = Scene.open();

    @Test
    void f12_the_same_message_sent_to_all_nodes_at_once_is_one_run() throws InterruptedException, ExecutionException {
        for (int round = 0; round < 5; round++) {
            var key = UUID.randomUUID().toString();
            var prompt = scene.prompt("many:2");
            var answers = atOnce(6, n -> scene.api(1 + n % 3).say(scene.thread, key, prompt));
            assertThat(answers.stream().map(a -> a.path("runId").asText()))
                    .containsOnly(answers.getFirst().path("runId").asText());
            var run = answers.getFirst().path("runId").asText();
            assertThat(scene.api(2).awaitEnd(run, SOON).path("state").asText()).isEqualTo("completed");
            assertThat(scene.cluster.providerCalls(prompt)).isEqualTo(1);
        }
        assertThat(scene.api(1).messages(scene.thread).path("items")).hasSize(10);
    }

    @Test
    void f12_another_body_under_the_same_key_is_a_conflict_on_every_node() {
        var key = UUID.randomUUID().toString();
        scene.api(1).say(scene.thread, key, scene.prompt("many:1"));
        var other = scene.api(2).post("/api/threads/" + scene.thread + "/messages", Api.message(key, "another"));
        assertThat(other.status()).isEqualTo(409);
    }

    @Test
    void ten_messages_through_three_nodes_run_in_the_order_of_acceptance() {
        scene.api(1).post("/api/threads", "{\"id\":\"" + scene.thread + "\"}").expect(201);
        var watcher = scene.api(2).attach(scene.thread);
        var runs = IntStream.range(0, 10)
                .mapToObj(n -> scene.say(1 + n % 3, scene.prompt("slow:3x20")))
                .toList();
        runs.forEach(run -> awaitTerminal(watcher, run));
        assertThat(watcher.events().stream().filter(e -> e.is("terminal")).map(e -> e.id().substring(0, 36)))
                .isEqualTo(runs);
        watcher.close();
        var states = new ArrayList<JsonNode>();
        scene.api(3)
                .get("/api/threads/" + scene.thread + "/runs")
                .json()
                .path("items")
                .forEach(states::add);
        assertThat(states)
                .allSatisfy(run -> assertThat(run.path("state").asText()).isEqualTo("completed"));
        assertThat(states)
                .allSatisfy(run -> assertThat(run.path("epoch").asInt()).isEqualTo(1));
    }

    @Test
    void a_cancel_on_another_node_ends_the_run_once() {
        var run = scene.say(1, scene.prompt("slow:400x25"));
        var watcher = scene.api(3).attach(scene.thread);
        Scene.awaitChunk(watcher, run, 5);
        assertThat(scene.api(2).cancel(run).status()).isEqualTo(202);
        awaitTerminal(watcher, run);
        assertThat(RunView.of(run, watcher.events()).state()).isEqualTo("cancelled");
        assertThat(scene.api(3).cancel(run).code()).isEqualTo("already_finished");
        watcher.close();
    }

    private interface Numbered<T> {
        T call(int n);
    }

    private static <T> List<T> atOnce(int count, Numbered<T> action) throws InterruptedException, ExecutionException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = IntStream.range(0, count)
                    .mapToObj(n -> (Callable<T>) () -> action.call(n))
                    .toList();
            var results = new ArrayList<T>();
            for (var future : threads.invokeAll(calls)) {
                results.add(future.get());
            }
            return results;
        }
    }
}
