package dev.continuo.cluster;

import static dev.continuo.cluster.Scene.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.testkit.Await;
import dev.continuo.testkit.SseClient;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A key is revoked on one node while streams that were opened with it are open on others. */
class RevokedStreamsIT {
    private final Scene scene = Scene.open();
    private final String subject = "s-" + UUID.randomUUID();

    private record Made(String id, String key) {}

    private Made key() {
        var made = scene.api(1)
                .post("/api/keys", "{\"name\":\"t\",\"subject\":\"" + subject + "\",\"role\":\"member\"}")
                .expect(201)
                .json();
        return new Made(made.path("id").asText(), made.path("key").asText());
    }

    private List<SseClient> streams(int node, String key, String run) {
        var api = scene.api(node).as(key);
        return List.of(
                api.stream("/api/threads/" + scene.thread + "/attach", Map.of()),
                api.stream("/api/runs/" + run + "/attach", Map.of()),
                api.stream("/api/events", Map.of()));
    }

    @Test
    void streams_of_a_revoked_key_end_on_other_nodes_in_the_middle_of_an_answer_and_do_not_come_back() {
        var revoked = key();
        var kept = key();
        var run = scene.api(2)
                .as(revoked.key())
                .say(scene.thread, UUID.randomUUID().toString(), scene.prompt("slow:2000x40"))
                .path("runId")
                .asText();
        var streams = streams(2, revoked.key(), run);
        var others = streams(2, kept.key(), run);
        for (var stream : Stream.of(streams, others).flatMap(List::stream).toList()) {
            stream.await(
                    "something", SOON, e -> e.id().startsWith(run) || e.data().contains(scene.thread));
        }

        long at = System.nanoTime();
        scene.api(3).delete("/api/keys/" + revoked.id()).expect(204);
        for (var stream : streams) {
            stream.awaitEvent("reconnect", SOON);
            assertThat(stream.awaitEnd(SOON)).isEqualTo(SseClient.Ending.CLEAN);
        }
        Figures.print("a key revoked on another node → its streams have ended", at, System.nanoTime());
        Await.until("nobody comes back", SOON, () -> streams.stream()
                .allMatch(s -> refused(s.resumeOn(scene.cluster.node(2).url()))));
        others.forEach(s -> assertThat(s.ending()).isEqualTo(SseClient.Ending.OPEN));
        others.forEach(SseClient::close);
        scene.api(1).cancel(run);
    }

    /** Remembered keys are good for three more seconds. */
    private static boolean refused(SseClient again) {
        try (again) {
            return again.status() == 401;
        }
    }
}
