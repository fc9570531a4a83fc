package dev.continuo.cluster;

import static dev.continuo.cluster.Scene.SOON;
import static dev.continuo.cluster.Scene.awaitChunk;
import static dev.continuo.cluster.Scene.awaitTerminal;
import static dev.continuo.cluster.Scene.chunks;
import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.testkit.Await;
import dev.continuo.testkit.Cluster;
import dev.continuo.testkit.LibertyNode;
import dev.continuo.testkit.LiveTap;
import dev.continuo.testkit.RunView;
import dev.continuo.testkit.SseClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A node leaves politely: by SIGTERM, or because an operator asked for it. */
class LeavingIT {
    /** Liberty waits that long for whatever is open, so whoever is later was ended by force. */
    private static final Duration QUIESCE = Duration.ofSeconds(30);

    private final Scene scene = Scene.open();

    /** It takes longer than a lease, so the node has to go on beating while the server stops. */
    @Test
    void a_run_that_ends_within_the_drain_ends_where_it_is() {
        var prompt = scene.prompt("slow:250x40");
        var run = scene.say(1, prompt);
        var owner = scene.ownerOf(run);
        var watcher = scene.cluster.api(scene.cluster.survivorOf(owner)).attachRun(run);
        awaitChunk(watcher, run, 10);
        owner.term();
        awaitTerminal(watcher, run);
        var view = RunView.of(run, watcher.events());
        assertThat(view.text()).isEqualTo(chunks(250));
        assertThat(view.epochs().values()).containsOnly(1L);
        assertThat(scene.cluster.providerCalls(prompt)).isEqualTo(1);
        assertThat(owner.awaitExit(QUIESCE)).as("it exits by itself").isTrue();
        watcher.close();
    }

    @Test
    void a_longer_run_is_handed_over_and_watchers_are_told_to_come_back() {
        try (var tap = LiveTap.on(scene.cluster.natsUrl())) {
            var prompt = scene.prompt("slow:600x40");
            var run = scene.say(2, prompt);
            var owner = scene.ownerOf(run);
            var elsewhere = scene.cluster.survivorOf(owner);
            var watcher = scene.cluster.api(elsewhere).attachRun(run);
            var leaving = scene.cluster.api(owner).attachRun(run);
            var chat = scene.cluster.api(owner).stream("/api/chat/" + run + "/stream", Map.of());
            var counting = scene.cluster.api(owner).stream("/api/chat/" + run + "/stream?startIndex=0", Map.of());
            awaitChunk(watcher, run, 20);
            awaitChunk(leaving, run, 20);
            chat.await("some text", SOON, e -> e.data().contains("chunk-10 "));
            counting.await("some text", SOON, e -> e.data().contains("chunk-10 "));
            long asked = System.nanoTime();
            owner.term();

            assertThat(leaving.awaitEvent("reconnect", SOON).data()).matches("\\{\"afterMs\":\\d{1,4}}");
            assertThat(leaving.awaitEnd(SOON)).isEqualTo(SseClient.Ending.CLEAN);
            assertThat(chat.awaitEnd(SOON)).isEqualTo(SseClient.Ending.BROKEN);
            assertThat(counting.awaitEnd(SOON)).isEqualTo(SseClient.Ending.CLEAN);
            assertThat(counting.events()).noneMatch(e -> e.data().equals("[DONE]"));

            var marker = tap.awaitMarker(run, 2, SOON);
            Figures.print(
                    "SIGTERM: from the end of the drain to the new marker",
                    asked + Cluster.DRAIN.toNanos(),
                    marker.at());
            assertThat(owner.awaitExit(QUIESCE)).as("it exits by itself").isTrue();
            Figures.print("SIGTERM: from the signal to the exit, drain included", asked, System.nanoTime());

            var back = leaving.resumeOn(elsewhere.url());
            awaitTerminal(back, run);
            var all = new ArrayList<>(leaving.events());
            all.addAll(back.events());
            assertThat(RunView.of(run, all).text()).isEqualTo(chunks(600));
            awaitTerminal(watcher, run);
            assertThat(RunView.of(run, watcher.events()).text()).isEqualTo(chunks(600));
            assertThat(scene.cluster.api(elsewhere).run(run).path("attempt").asInt())
                    .as("a hand-over is no attempt")
                    .isEqualTo(1);
            watcher.close();
            back.close();
        }
    }

    @Test
    void an_operator_drains_a_node_through_any_other_and_may_say_it_twice() {
        var prompt = scene.prompt("slow:600x40");
        var run = scene.say(3, prompt);
        var owner = scene.ownerOf(run);
        var elsewhere = scene.cluster.api(scene.cluster.survivorOf(owner));
        try {
            assertThat(elsewhere.post("/api/admin/nodes/nobody/drain", "").status())
                    .isEqualTo(404);
            elsewhere.post("/api/admin/nodes/" + owner.id() + "/drain", "").expect(202);
            elsewhere.post("/api/admin/nodes/" + owner.id() + "/drain", "").expect(202);
            Await.until("it is not ready any more", SOON, () -> !owner.ready());
            Await.until("its run goes on elsewhere", SOON, () -> {
                var now = elsewhere.run(run);
                return now.path("epoch").asInt() == 2
                        && !now.path("node").asText().equals(owner.id());
            });
            assertThat(node(owner).path("draining").asBoolean()).isTrue();
            assertThat(node(owner).path("alive").asBoolean()).isTrue();
            assertThat(node(owner).path("running").asInt()).isZero();

            var other = scene.cluster
                    .api(owner)
                    .say(scene.thread + "-2", java.util.UUID.randomUUID().toString(), scene.prompt("many:3"))
                    .path("runId")
                    .asText();
            assertThat(elsewhere.awaitEnd(other, SOON).path("state").asText())
                    .as("it still accepts, others run it")
                    .isEqualTo("completed");
            elsewhere.cancel(run);
            owner.term();
            assertThat(owner.awaitExit(QUIESCE))
                    .as("nothing is left to wait for")
                    .isTrue();
        } finally {
            owner.kill9();
        }
    }

    private com.fasterxml.jackson.databind.JsonNode node(LibertyNode node) {
        for (var item : scene.cluster
                .api(scene.cluster.survivorOf(node))
                .get("/api/admin/nodes")
                .json()
                .path("items")) {
            if (item.path("id").asText().equals(node.id()) && item.path("alive").asBoolean()) {
                return item;
            }
        }
        throw new AssertionError(node + " is not among the living");
    }
}
