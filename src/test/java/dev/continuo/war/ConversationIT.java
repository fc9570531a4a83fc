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
            var urgent = post("{\"onBusy\":\"interrupt\","
                    + Api.message("m3", "say:At once.").substring(1));
            assertThat(post("{\"onBusy\":\"interrupt\","
                                    + Api.message("m3", "say:At once.").substring(1))
                            .path("runId"))
                    .isEqualTo(urgent.path("runId"));
            api.awaitEnd(waits, SOON);
            stream.await("the last end", SOON, e -> e.is("terminal") && e.data().contains(waits));
            assertThat(stream.events().stream().filter(e -> e.is("terminal")).map(e -> json(e.data())))
                    .extracting(
                            t -> t.path("run").asText() + " " + t.path("state").asText())
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
            var told = json(tab.await(
                            "new words", SOON, e -> e.is("message") && e.data().contains("the answer"))
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
    void an_answer_and_a_message_go_another_way_and_the_first_stay_readable() {
        var first = api.say(thread, "m1", "say:one");
        var second = api.say(thread, "m2", "many:2 diverge:1 # " + thread);
        api.awaitEnd(second.path("runId").asText(), SOON);
        String old = second.path("answerId").asText();

        var again = api.post("/api/threads/" + thread + "/messages/" + old + "/regenerate", "{}")
                .expect(202)
                .json();
        assertThat(api.post("/api/threads/" + thread + "/messages/" + old + "/regenerate", "{}")
                        .expect(202)
                        .json()
                        .path("runId"))
                .isEqualTo(again.path("runId"));
        assertThat(again.path("messageId").asText()).isEqualTo("m2");
        api.awaitEnd(again.path("runId").asText(), SOON);

        assertThat(said())
                .containsExactly(
                        "user say:one",
                        "assistant one",
                        "user many:2 diverge:1 # " + thread,
                        "assistant other-1 other-2 ");
        var shown = api.messages(thread).path("items");
        assertThat(shown.path(3).path("siblings").toString())
                .isEqualTo("[\"" + old + "\",\"" + again.path("answerId").asText() + "\"]");
        assertThat(shown.path(2).path("runId")).isEqualTo(again.path("runId"));
        assertThat(shown.path(1).path("siblings")).isEmpty();
        assertThat(api.get("/api/threads/" + thread + "/messages?branch=" + old)
                        .expect(200)
                        .body())
                .contains("chunk-1 chunk-2 ")
                .doesNotContain("other-1");

        var edited = post("{\"replaces\":\"m1\"," + Api.message("m1b", "say:1").substring(1));
        api.awaitEnd(edited.path("runId").asText(), SOON);
        assertThat(said()).containsExactly("user say:1", "assistant 1");
        var back = post("{\"parentId\":\"" + first.path("answerId").asText() + "\","
                + Api.message("m3", "say:back").substring(1));
        api.awaitEnd(back.path("runId").asText(), SOON);
        assertThat(said()).containsExactly("user say:one", "assistant one", "user say:back", "assistant back");
    }

    @Test
    void a_chat_client_reads_another_answer_under_its_own_id_and_all_tabs_hear_of_the_branch() {
        var first = api.say(thread, "m1", "many:2 diverge:1 # " + thread);
        api.awaitEnd(first.path("runId").asText(), SOON);
        var body = "{\"id\":\"" + thread + "\",\"trigger\":\"regenerate-message\",\"messageId\":\""
                + first.path("answerId").asText() + "\",\"messages\":[{\"id\":\"m1\",\"role\":\"user\",\"parts\":[]}]}";
        try (var tab = api.attach(thread)) {
            tab.await("its beginning", SOON, e -> e.is("open"));
            var chat = api.postStream("/api/chat", body);
            chat.await("the end", SOON, e -> e.data().equals("[DONE]"));
            String run = chat.header("x-continuo-run-id").orElseThrow();
            assertThat(run).isNotEqualTo(first.path("runId").asText());
            var start = json(chat.events().getFirst().data());
            assertThat(start.path("messageId"))
                    .isEqualTo(api.messages(thread).path("items").path(1).path("id"))
                    .isNotEqualTo(first.path("answerId"));
            tab.await("the end", SOON, e -> e.is("terminal") && e.data().contains(run));
            assertThat(tab.events()).anyMatch(e -> e.is("message") && e.data().contains("\"after\":null"));
        }
        try (var repeat = api.postStream("/api/chat", body)) {
            repeat.await("the end", SOON, e -> e.data().equals("[DONE]"));
        }
        assertThat(api.get("/api/threads/" + thread + "/runs").json().path("items"))
                .hasSize(2);
        assertThat(said()).last().isEqualTo("assistant other-1 other-2 ");
    }

    @Test
    void what_was_said_is_found_and_only_by_those_who_may_read_it() {
        String word = "w" + UUID.randomUUID().toString().replace("-", "");
        api.awaitEnd(api.say(thread, "m1", "say:" + word).path("runId").asText(), SOON);

        assertThat(api.get("/api/threads?q=" + word.substring(0, 20))
                        .expect(200)
                        .json()
                        .findValuesAsText("id"))
                .containsExactly(thread);
        var other = new Api(WarServer.url(), Sender.fresh().key());
        assertThat(other.get("/api/threads?q=" + word).expect(200).json().path("items"))
                .isEmpty();
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

    private boolean mine(String event) {
        return event.contains(thread);
    }

    private List<String> queued() {
        return api.get("/api/threads/" + thread + "/runs?state=queued")
                .expect(200)
                .json()
                .findValuesAsText("id");
    }

    private JsonNode post(String body) {
        return api.post("/api/threads/" + thread + "/messages", body)
                .expect(202)
                .json();
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
