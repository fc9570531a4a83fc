package dev.continuo.cluster;

import static dev.continuo.cluster.Scene.SOON;
import static dev.continuo.cluster.Scene.chunks;
import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.testkit.Api;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.Balancer;
import dev.continuo.testkit.RunView;
import dev.continuo.testkit.SseClient;
import dev.continuo.testkit.SseEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** All nodes are replaced one after the other, by SIGTERM, behind a balancer that follows readiness and under load. */
class RollingRestartIT {
    /** Three minutes, longer than the restart of all nodes takes. */
    private static final int CHUNKS = 2_250;

    private static final int CHUNK_MILLIS = 80;
    private static final int POSTERS = 3;
    private static final Duration QUIESCE = Duration.ofSeconds(30);

    private final Scene scene = Scene.open();
    private final AtomicBoolean over = new AtomicBoolean();
    private final Queue<String> failed = new ConcurrentLinkedQueue<>();
    /** By run, what was asked. */
    private final Map<String, String> accepted = new ConcurrentHashMap<>();

    @Test
    void a_rolling_restart_under_load_loses_nothing_and_restarts_nothing_that_could_have_ended() throws Exception {
        try (var balancer = Balancer.before(scene.cluster.nodes())) {
            var api = new Api(balancer.url(), scene.cluster.apiKey());
            var longPrompt = scene.prompt("slow:" + CHUNKS + "x" + CHUNK_MILLIS);
            var longRun = api.say(scene.thread, UUID.randomUUID().toString(), longPrompt)
                    .path("runId")
                    .asText();
            List<SseEvent> seen = new ArrayList<>();
            var watcher = Thread.ofVirtual().start(() -> watch(api, balancer, longRun, seen));
            var posters = new ArrayList<Thread>();
            for (int i = 0; i < POSTERS; i++) {
                posters.add(Thread.ofVirtual().start(() -> post(api)));
            }
            Await.until("there is load", SOON, () -> accepted.size() >= 2 * POSTERS);
            for (var node : scene.cluster.nodes()) {
                long asked = System.nanoTime();
                node.term();
                assertThat(node.awaitExit(QUIESCE))
                        .as(node + " exits by itself")
                        .isTrue();
                Figures.print("rolling restart: from SIGTERM to the exit of " + node.id(), asked, System.nanoTime());
                int before = accepted.size();
                node.start();
                node.awaitReady();
                Await.until("the load goes on", SOON, () -> accepted.size() > before);
            }
            over.set(true);
            for (var poster : posters) {
                poster.join();
            }
            Figures.line("· rolling restart: " + accepted.size() + " messages accepted, " + failed.size() + " failed");
            assertThat(failed).as("no POST fails").isEmpty();
            accepted.forEach((run, prompt) -> {
                var end = api.awaitEnd(run, SOON);
                assertThat(end.path("state").asText()).isEqualTo("completed");
                assertThat(end.path("epoch").asInt())
                        .as("it could have ended where it was: %s", end)
                        .isEqualTo(1);
                assertThat(scene.cluster.providerCalls(prompt)).isEqualTo(1);
            });
            var longEnd = api.awaitEnd(longRun, Duration.ofMinutes(4));
            assertThat(longEnd.path("attempt").asInt())
                    .as("hand-overs are no attempts")
                    .isEqualTo(1);
            assertThat(longEnd.path("epoch").asInt())
                    .as("it was handed over: %s", longEnd)
                    .isGreaterThan(1);
            watcher.join();
            assertThat(RunView.of(longRun, seen).text()).isEqualTo(chunks(CHUNKS));
        }
    }

    private void post(Api api) {
        while (!over.get()) {
            var prompt = scene.prompt("slow:20x50");
            var key = UUID.randomUUID().toString();
            try {
                var reply = api.post("/api/threads/t-" + key + "/messages", Api.message(key, prompt));
                if (reply.status() == 202) {
                    var run = reply.json().path("runId").asText();
                    accepted.put(run, prompt);
                    api.awaitEnd(run, SOON);
                } else {
                    failed.add(reply.status() + " " + reply.body());
                }
            } catch (RuntimeException | AssertionError e) {
                failed.add(e.toString());
            }
        }
    }

    /** As {@code EventSource} does: comes back with its last id until it has seen the end. */
    private static void watch(Api api, Balancer balancer, String run, List<SseEvent> seen) {
        SseClient client = api.attachRun(run);
        while (true) {
            client.awaitEnd(Duration.ofMinutes(5));
            seen.addAll(client.events());
            client.close();
            if (client.events().stream().anyMatch(Scene.isTerminalOf(run))) {
                return;
            }
            client = client.resumeOn(balancer.url());
        }
    }
}
