package dev.continuo.war;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.testkit.Api;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What people do to a conversation while it is answered, and afterwards. */
@ExtendWith({WarServer.class, ArquillianExtension.class})
class ConversationIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final Sender me = Sender.fresh();
    private final Api api = new Api(WarServer.url(), me.key());
    private final String thread = "c-" + UUID.randomUUID();

    @Deployment(testable = false)
    static WebArchive war() {
        return WarServer.war();
    }

    @Test
    void an_interrupt_keeps_what_was_said_and_is_answered_next() {
        String active = api.say(thread, "m1", "hang:2").path("runId").asText();
        String waits = api.say(thread, "m2", "many:1").path("runId").asText();
        try (var stream = api.attach(thread)) {
            stream.await("two chunks", SOON, e -> e.data().contains("chunk-2"));
            var urgent = post("{\"onBusy\":\"interrupt\"," + Api.message("m3", "say:At once.").substring(1));
            assertThat(post("{\"onBusy\":\"interrupt\"," + Api.message("m3", "say:At once.").substring(1))
                            .path("runId"))
                    .isEqualTo(urgent.path("runId"));
            api.awaitEnd(waits, SOON);
            stream.await("the last end", SOON, e -> e.is("terminal") && e.data().contains(waits));
            assertThat(stream.events().stream().filter(e -> e.is("terminal")).map(e -> json(e.data())))
                    .extracting(t -> t.path("run").asText() + " " + t.path("state").asText())
                    .containsExactly(
                            active + " cancelled", urgent.path("runId").asText() + " completed", waits + " completed");
        }
        assertThat(said())
                .containsExactly(
                        "user hang:2",
                        "assistant chunk-1 chunk-2 …",
                        "user say:At once.",
                        "assistant At once.",
                        "user many:1",
                        "assistant chunk-1 ");
    }

    @Test
    void a_chat_client_interrupts_by_a_field_beside_its_messages() {
        String active = api.say(thread, "m1", "hang:1").path("runId").asText();
        try (var chat = api.postStream(
                "/api/chat",
                "{\"id\":\"" + thread
                        + "\",\"onBusy\":\"interrupt\",\"trigger\":\"submit-message\",\"messages\":[{\"id\":\"m2\","
                        + "\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"say:Now.\"}]}]}")) {
            chat.await("the end", SOON, e -> e.data().equals("[DONE]"));
            assertThat(chat.events()).anyMatch(e -> e.data().contains("Now."));
        }
        assertThat(api.run(active).path("state").asText()).isEqualTo("cancelled");
    }

    @Test
    void a_waiting_message_is_changed_in_all_tabs_at_once() {
        String active = api.say(thread, "m1", "hang:1").path("runId").asText();
        String waits = api.say(thread, "m2", "say:teh answer").path("runId").asText();
        String removed = api.say(thread, "m3", "many:1").path("runId").asText();
        assertThat(queued()).containsExactly(removed, waits);
        try (var tab = api.attach(thread);
                var list = api.stream("/api/events", Map.of())) {
            tab.await("the queue", SOON, e -> e.is("message") && e.data().contains("teh answer"));
            list.await("the queue", SOON, e -> mine(e.data()) && e.data().contains("\"waiting\":2,\"edits\":0"));

            var changed = api.patch(
                            "/api/threads/" + thread + "/messages/m2",
                            "{\"parts\":[{\"type\":\"text\",\"text\":\"say:the answer\"}]}")
                    .expect(200)
                    .json();
            assertThat(api.delete("/api/runs/" + removed).status()).isEqualTo(202);

            assertThat(changed.path("id").asText()).isEqualTo("m2");
            var told = json(tab.await("new words", SOON, e -> e.is("message") && e.data().contains("the answer"))
                    .data());
            assertThat(told.path("run").asText()).isEqualTo(waits);
            tab.await("the removal", SOON, e -> e.is("state") && e.data().contains(removed));
            list.await("news", SOON, e -> mine(e.data()) && e.data().contains("\"waiting\":1,\"edits\":1"));
        }
        api.cancel(active);
        api.awaitEnd(waits, SOON);
        var late = api.patch(
                "/api/threads/" + thread + "/messages/m2", "{\"parts\":[{\"type\":\"text\",\"text\":\"x\"}]}");
        assertThat(late.status()).isEqualTo(409);
        assertThat(late.code()).isEqualTo("already_started");
        assertThat(said()).contains("user say:the answer", "assistant the answer");
    }

    @Test
    void a_thread_gets_a_title_from_a_model_and_a_persons_stays() {
        try (var list = api.stream("/api/events", Map.of())) {
            api.awaitEnd(api.say(thread, "m1", "say:hello").path("runId").asText(), SOON);
            list.await("a title", SOON, e -> mine(e.data()) && e.data().contains("\"title\":\"About say:hello"));
        }
        var named = "n-" + UUID.randomUUID();
        api.post("/api/threads", "{\"id\":\"" + named + "\",\"title\":\"Mine\"}").expect(201);
        api.awaitEnd(api.say(named, "m1", "say:hello").path("runId").asText(), SOON);
        var untitled = "u-" + UUID.randomUUID();
        api.awaitEnd(api.say(untitled, "m1", "say:untitled").path("runId").asText(), SOON);
        assertThat(title(named)).isEqualTo("Mine");
        assertThat(title(untitled)).isEqualTo("say:untitled");
        assertThat(api.get("/api/threads/" + thread + "/runs").json().path("items"))
                .as("a title is no run")
                .hasSize(1);
    }

    @Test
    void what_a_thread_used_is_told_and_stays_in_the_sums_when_it_is_deleted() {
        api.awaitEnd(api.say(thread, "m1", "say:one two").path("runId").asText(), SOON);
        var usage = api.get("/api/threads/" + thread).expect(200).json().path("usage");
        assertThat(usage.path("runs").asInt()).isEqualTo(1);
        assertThat(usage.path("outputTokens").asLong()).isPositive();
        var before = answers();
        assertThat(before.path("calls").asInt()).isEqualTo(2);
        assertThat(api.delete("/api/threads/" + thread).status()).isEqualTo(204);
        assertThat(answers()).isEqualTo(before);
    }

    /** This member's, that of its first run in another thread among it. */
    private JsonNode answers() {
        for (var kind : api.get("/api/usage").expect(200).json().path("byKind")) {
            if (kind.path("of").asText().equals("answer")) {
                return kind.path("usage");
            }
        }
        throw new AssertionError("no answers");
    }

    private String title(String of) {
        return api.get("/api/threads/" + of).expect(200).json().path("title").asText();
    }

    private boolean mine(String event) {
        return event.contains(thread);
    }

    private List<String> queued() {
        return api.get("/api/threads/" + thread + "/runs?state=queued").expect(200).json().findValuesAsText("id");
    }

    private JsonNode post(String body) {
        return api.post("/api/threads/" + thread + "/messages", body).expect(202).json();
    }

    /** Role and text of each message; an answer that was cut off ends with an ellipsis. */
    private List<String> said() {
        var all = new ArrayList<String>();
        api.messages(thread)
                .path("items")
                .forEach(m -> all.add(m.path("role").asText() + " "
                        + String.join("", m.path("parts").findValuesAsText("text"))
                        + (m.path("complete").asBoolean() ? "" : "…")));
        return all;
    }

    private static JsonNode json(String data) {
        return new Api.Reply(200, null, data).json();
    }
}
