package dev.continuo.war;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.continuo.intake.Acceptance.Accepted;
import dev.continuo.log.Chunk;
import dev.continuo.log.Chunks;
import dev.continuo.run.Claim;
import dev.continuo.run.Opening;
import dev.continuo.run.PauseResult;
import dev.continuo.run.Question;
import dev.continuo.run.Truth;
import dev.continuo.testkit.Api;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a paused run shows, and how it is answered. Its owner was of another server, which had the tool. */
@ExtendWith({WarServer.class, ArquillianExtension.class})
class QuestionsIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String KEY = "ck_" + UUID.randomUUID().toString().replace("-", "");

    private final String thread = "t-" + UUID.randomUUID();
    private Truth truth;
    private Api api;

    @Deployment(testable = false)
    static WebArchive war() {
        return WarServer.war();
    }

    @BeforeEach
    void someone() {
        truth = new Truth(WarServer.database());
        var key = KEY + thread.substring(2, 10);
        truth.execute("""
                insert into api_keys (key_id, org_id, hash, name, subject, role, scopes) values
                  (gen_random_uuid(), '%s', sha256(convert_to('%s', 'UTF8')), 'ann', 'ann', 'member', '{chat}')""".formatted(truth.org, key));
        api = new Api(WarServer.url(), key);
    }

    @Test
    void a_question_is_shown_and_its_first_answer_counts() {
        var run = paused().run();
        var shown = api.get("/api/runs/" + run).expect(200).json();
        assertThat(shown.path("state").asText()).isEqualTo("requires_action");
        assertThat(shown.path("questions").toString())
                .isEqualTo("[{\"callId\":\"c1\",\"kind\":\"approval\",\"toolName\":\"book\",\"input\":{\"n\":1},"
                        + "\"interrupted\":false}]");
        try (var stream = api.stream("/api/threads/" + thread + "/attach", Map.of())) {
            stream.await("its state", SOON, e -> e.data().contains("\"state\":\"requires_action\""));
        }
        var path = "/api/runs/" + run + "/answer";
        api.post(path, "{\"callId\":\"c9\",\"approved\":true}").expect(409);
        api.post(path, "{\"callId\":\"c1\",\"output\":1}").expect(400);
        var taken = api.post(path, "{\"callId\":\"c1\",\"approved\":false,\"reason\":\"too dear\"}")
                .expect(202)
                .json();
        assertThat(taken.path("state").asText()).isEqualTo("queued");
        api.post(path, "{\"callId\":\"c1\",\"approved\":false,\"reason\":\"too dear\"}")
                .expect(202);
        assertThat(api.post(path, "{\"callId\":\"c1\",\"approved\":true}")
                        .expect(409)
                        .json()
                        .path("code")
                        .asText())
                .isEqualTo("already_answered");
        assertThat(api.awaitEnd(run.toString(), SOON).path("state").asText()).isEqualTo("completed");
        assertThat(api.get("/api/runs/" + run).expect(200).json().has("questions"))
                .isFalse();
        assertThat(audited(run)).containsExactly("ann: run.answer, queued");
    }

    @Test
    void a_chat_client_answers_by_posting_the_message_back_and_reads_what_follows() {
        var accepted = paused();
        var past = chunks(api.get("/api/chat/" + thread + "/stream").expect(200).body());
        assertThat(past.getFirst().path("messageId").asText())
                .isEqualTo(accepted.answer().toString());
        assertThat(past.get(past.size() - 2).path("type").asText()).isEqualTo("data-continuo");
        assertThat(past.getLast().toString()).isEqualTo("{\"type\":\"finish\",\"finishReason\":\"tool-calls\"}");

        var body = """
                {"id":"%s","trigger":"submit-message","messages":[
                  {"id":"u1","role":"user","parts":[{"type":"text","text":"book"}]},
                  {"id":"%s","role":"assistant","parts":[{"type":"step-start"},
                    {"type":"dynamic-tool","toolName":"book","toolCallId":"c1","state":"approval-responded","input":{"n":1},
                     "approval":{"id":"c1","approved":true}}]}]}""".formatted(thread, accepted.answer());
        var follows = chunks(api.post("/api/chat", body).expect(200).body());
        assertThat(follows.getFirst()).isEqualTo(past.getFirst());
        assertThat(follows.get(1).path("type").asText()).isEqualTo("tool-output-error");
        assertThat(follows.get(1).path("toolCallId").asText()).isEqualTo("c1");
        assertThat(follows.getLast().toString()).isEqualTo("{\"type\":\"finish\",\"finishReason\":\"stop\"}");
        assertThat(chunks(api.post("/api/chat", body).expect(200).body()))
                .as("posted twice")
                .isEqualTo(follows);

        var other = body.replace("\"approved\":true", "\"approved\":false");
        api.post("/api/chat", other).expect(409);
        assertThat(audited(accepted.run())).containsExactly("ann: run.answer, queued");
    }

    @Test
    void who_writes_on_instead_is_answered_after_the_declined_run() {
        var accepted = paused();
        var next = api.say(thread, "m2", "many:2").path("runId").asText();
        assertThat(api.awaitEnd(accepted.run().toString(), SOON).path("state").asText())
                .isEqualTo("completed");
        assertThat(api.awaitEnd(next, SOON).path("state").asText()).isEqualTo("completed");
    }

    /** In one transaction, so that no node takes the run meanwhile. */
    private Accepted paused() {
        return truth.tx(() -> {
            var accepted = (Accepted) truth.send(truth.message(thread, "u1", "many:2"));
            Claim claim = truth.claimOne(Truth.node("other"));
            truth.open(Opening.first(claim.fence(), "other"));
            var input = JsonNodeFactory.instance.objectNode().put("n", 1);
            List<Chunk> said = List.of(
                    Chunks.start(claim.answerId()),
                    Chunks.startStep(),
                    Chunks.toolInputStart("c1", "book"),
                    Chunks.toolInputAvailable("c1", "book", input),
                    Chunks.finishStep().withMeta(Chunks.stepMeta("tool-calls", JsonNodeFactory.instance.objectNode())),
                    Chunks.toolApprovalRequest("c1", "c1"));
            truth.flushUntilCommitted(Truth.item(claim.fence(), 1, said));
            var question = JsonNodeFactory.instance
                    .objectNode()
                    .put("toolCallId", "c1")
                    .put("toolName", "book")
                    .<ObjectNode>set("input", input);
            assertThat(truth.pauses.pause(claim.fence(), List.of(Question.open("c1", Question.APPROVAL, question))))
                    .isEqualTo(new PauseResult.Paused());
            return accepted;
        });
    }

    /** Repeats and refusals changed nothing, and leave no row. */
    private List<String> audited(UUID run) {
        return truth.jdbi.withHandle(
                h -> h.createQuery("select subject || ': ' || action || ', ' || result from audit where target = :run")
                        .bind("run", run.toString())
                        .mapTo(String.class)
                        .list());
    }

    private static List<JsonNode> chunks(String stream) {
        var chunks = new ArrayList<JsonNode>();
        var lines = stream.lines().filter(l -> l.startsWith("data: ")).toList();
        assertThat(lines.getLast()).isEqualTo("data: [DONE]");
        lines.subList(0, lines.size() - 1).forEach(l -> chunks.add(read(l.substring(6))));
        return chunks;
    }

    private static JsonNode read(String json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }
}
