package dev.continuo.war;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.testkit.Api;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A run's log as people read it, and who they are told that they are. */
@ExtendWith({WarServer.class, ArquillianExtension.class})
class RunLogIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final Sender me = Sender.fresh();
    private final Api api = new Api(WarServer.url(), me.key());

    @Deployment(testable = false)
    static WebArchive war() {
        return WarServer.war();
    }

    @Test
    void every_record_is_there_once_with_its_epoch_and_the_epochs_say_why() {
        var thread = "l-" + UUID.randomUUID();
        var run = api.say(thread, "m", "cut:3x1 slow:6x30").path("runId").asText();
        var end = api.awaitEnd(run, SOON);
        var whole = api.get("/api/runs/" + run + "/log").expect(200).json();
        int n = end.path("committedIdx").asInt();
        assertThat(whole.path("items"))
                .extracting(i -> i.path("idx").asInt())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, n).boxed().toList());
        assertThat(whole.at("/items/0/chunk/type").asText()).isEqualTo("start");
        assertThat(said(whole)).isEqualTo("chunk-1 chunk-2 chunk-3 chunk-4 chunk-5 chunk-6 ");
        assertThat(whole.has("next")).isFalse();
        assertThat(whole.path("kept").asBoolean()).isTrue();
        var epochs = whole.path("epochs");
        assertThat(epochs)
                .extracting(e -> e.path("epoch").asLong())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, epochs.size())
                        .mapToObj(Long::valueOf)
                        .toList());
        assertThat(epochs.path(0).path("reason").asText()).isEqualTo("claim");
        assertThat(epochs.path(0).path("base").asInt(-1)).isZero();
        assertThat(epochs.path(0).has("voided")).as("nothing was taken back").isFalse();
        assertThat(epochs.path(0).path("node").asText()).isEqualTo("war");
        assertThat(epochs.size()).as("the call was cut once").isGreaterThan(1);
        assertThat(whole.path("items").path(n - 1).path("epoch").asLong()).isEqualTo(epochs.size());
        assertThat(paged(run, 4)).isEqualTo(whole.path("items"));
    }

    @Test
    void deleted_records_are_told_from_none() {
        var run = api.say("l-" + UUID.randomUUID(), "m", "many:2").path("runId").asText();
        api.awaitEnd(run, SOON);
        WarServer.jdbi().useHandle(h -> h.execute("delete from run_segments where run_id = cast(? as uuid)", run));
        var log = api.get("/api/runs/" + run + "/log").expect(200).json();
        assertThat(log.path("kept").asBoolean(true)).isFalse();
        assertThat(log.path("items")).isEmpty();
        assertThat(log.path("epochs")).hasSize(1);
    }

    @Test
    void an_operator_who_may_not_read_the_thread_does_not_read_the_log() {
        var run = api.say("l-" + UUID.randomUUID(), "m", "many:2").path("runId").asText();
        var other = new Api(WarServer.url(), Sender.fresh().key());
        assertThat(other.get("/api/admin/runs").expect(200).body()).contains(run);
        assertThat(other.get("/api/runs/" + run + "/log").expect(404).code()).isEqualTo("unknown_run");
        assertThat(new Api(WarServer.url(), me.admin())
                        .get("/api/runs/" + run + "/log")
                        .status())
                .as("an admin reads all threads")
                .isEqualTo(200);
    }

    @Test
    void everybody_is_told_what_they_may_do() {
        var said = api.get("/api/me").expect(200).json();
        assertThat(said.path("role").asText()).isEqualTo("member");
        assertThat(said.path("scopes").toString()).isEqualTo("[\"chat\",\"keys\",\"ops\"]");
        assertThat(said.path("subject").asText()).startsWith("s-");
        assertThat(new Api(WarServer.url(), Sender.viewer())
                        .get("/api/me")
                        .expect(200)
                        .json()
                        .path("role")
                        .asText())
                .isEqualTo("viewer");
    }

    private JsonNode paged(String run, int limit) {
        var all = new com.fasterxml.jackson.databind.ObjectMapper().createArrayNode();
        var cursor = "";
        do {
            var page = api.get("/api/runs/" + run + "/log?limit=" + limit + cursor)
                    .expect(200)
                    .json();
            assertThat(page.path("items").size()).isBetween(1, limit);
            page.path("items").forEach(all::add);
            cursor = page.has("next") ? "&cursor=" + page.path("next").asText() : "";
        } while (!cursor.isEmpty());
        return all;
    }

    private static String said(JsonNode log) {
        List<String> deltas = new ArrayList<>();
        log.path("items").forEach(i -> {
            if (i.at("/chunk/type").asText().equals("text-delta")) {
                deltas.add(i.at("/chunk/delta").asText());
            }
        });
        return String.join("", deltas);
    }
}
