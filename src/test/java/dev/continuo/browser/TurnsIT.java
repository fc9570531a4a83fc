package dev.continuo.browser;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.continuo.testkit.Child;
import dev.continuo.testkit.Database;
import dev.continuo.testkit.Everything;
import dev.continuo.testkit.Ports;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people do to a turn: decide on its calls, change it while it waits, interrupt it, say or answer it anew. */
class TurnsIT extends InBrowser {
    private static final String SUM = "tool:files__get-sum {\"a\":2,\"b\":40}";
    private static int port;
    private static Child everything;

    private Console page;

    @BeforeEach
    void open() {
        serveTools();
        page = Console.open(driver(), cluster.node(1).url(), cluster.apiKey());
        page.await("#agent option[value=asking]");
    }

    private void serveTools() {
        if (everything != null) {
            return;
        }
        port = Ports.free();
        everything = Everything.http(port);
        put("/api/mcp-servers/files", "{\"transport\":\"http\",\"url\":\"http://127.0.0.1:" + port + "/mcp\"}");
        put("/api/agents/asking", "{\"instructions\":\"Add.\",\"tools\":[\"files\"],\"approval\":\"ask\"}");
    }

    private void put(String path, String body) {
        cluster.api(1)
                .send("PUT", path, Map.of("content-type", "application/json"), body)
                .expect(200);
    }

    @AfterAll
    static void no_tools_any_more() {
        if (everything != null) {
            everything.close();
        }
    }

    @Test
    void a_call_is_made_once_a_person_approves_it_and_its_result_is_folded_away() {
        page.pick("#agent", "asking");
        page.send(SUM);
        page.awaitText(".ask h3", "May files__get-sum be called?");
        assertThat(page.text(".ask pre")).contains("\"a\": 2", "\"b\": 40");
        page.reload();
        page.await(".ask");
        page.type(".ask .primary", "\n");
        page.awaitState(1, "completed");
        assertThat(page.count(".ask")).isZero();
        assertThat(page.js("return document.activeElement.id")).as("the focus").isEqualTo("ask");
        assertThat(page.text(".tool summary")).isEqualTo("Used files__get-sum");
        assertThat(page.shown(".tool pre")).isFalse();
        page.click(".tool summary");
        assertThat(page.text(".tool pre[aria-label=Result]")).contains("42");
        assertThat(page.count(".where.moved")).as("nobody took it over").isZero();
    }

    @Test
    void a_denied_call_is_not_made_and_the_reason_is_kept() {
        page.pick("#agent", "asking");
        page.send(SUM);
        page.await(".ask");
        page.type(".ask input", "too dear\n");
        assertThat(page.count(".ask")).as("enter decides nothing").isEqualTo(1);
        page.click(".ask .secondary");
        page.awaitState(1, "completed");
        assertThat(page.text(".tool summary")).isEqualTo("Denied: files__get-sum");
        page.reload();
        page.awaitState(1, "completed");
        page.click(".tool summary");
        assertThat(page.text(".tool pre[aria-label=Result]")).isEqualTo("too dear");
    }

    @Test
    void a_decision_that_was_made_elsewhere_takes_the_question_away() {
        page.pick("#agent", "asking");
        page.send(SUM);
        page.await(".ask");
        var run = page.data(".turn", "run");
        var call = page.data(".ask", "call");
        cluster.api(2)
                .post("/api/runs/" + run + "/answer", "{\"callId\":\"" + call + "\",\"approved\":true}")
                .expect(202);
        page.awaitState(1, "completed");
        assertThat(page.count(".ask")).isZero();
        assertThat(page.text(".tool summary")).isEqualTo("Used files__get-sum");
    }

    @Test
    void a_question_is_answered_in_its_field_and_a_refusal_is_told_beside_it() {
        var truth = new Truth(new Database(cluster.postgres(), "continuo"));
        var thread = "t-" + UUID.randomUUID();
        var key = "ck_" + UUID.randomUUID().toString().replace("-", "");
        truth.execute("""
                insert into api_keys (key_id, org_id, hash, name, subject, role, scopes) values
                  (gen_random_uuid(), '%s', sha256(convert_to('%s', 'UTF8')), 'ann', 'ann', 'member', '{chat}')""".formatted(truth.org, key));
        var run = asked(truth, thread).run();
        page = Console.open(driver(), cluster.node(1).url(), key, thread);
        page.awaitText(".ask h3", "choose asks you");

        truth.execute("update run_questions set kind = 'approval' where run_id = '" + run + "'");
        page.type(".ask textarea", "{\"colour\":\"red\"}");
        page.click(".ask .primary");
        page.awaitText(".ask .problem", "The run asks whether a call may be made. Send approved, true or false.");
        truth.execute("update run_questions set kind = 'tool' where run_id = '" + run + "'");
        page.click(".ask .primary");
        page.awaitState(1, "completed");
        assertThat(truth.one(
                        "select cast(answer as text) from run_questions where run_id = '" + run + "'", String.class))
                .isEqualTo("{\"output\": {\"colour\": \"red\"}}");
    }

    @Test
    void a_waiting_message_is_changed_in_its_place() {
        page.send("slow:2000x50");
        page.awaitAnswerWith(1, "chunk-2 ");
        page.send("say:teh second");
        page.send("say:third");
        page.awaitCount("#queue [title=Edit]", 2);
        page.click("#queue [title=Edit]");
        page.retype("#queue textarea", "say:never");
        page.click("#queue [title=Cancel]");
        assertThat(page.queue()).containsExactly("say:teh second", "say:third");
        page.click("#queue [title=Edit]");
        page.retype("#queue textarea", "say:the second\n");
        page.awaitText("#queue .queued-text", "say:the second");
        page.click("#stop");
        page.awaitTurns(3);
        page.awaitState(3, "completed");
        assertThat(page.answer(2)).isEqualTo("the second");
        assertThat(page.questions()).containsExactly("slow:2000x50", "say:the second", "say:third");
    }

    @Test
    void an_interrupt_stops_the_answer_and_is_answered_before_what_waits() {
        page.send("slow:2000x50");
        page.awaitAnswerWith(1, "chunk-2 ");
        page.send("say:later");
        page.awaitCount("#queue [title=Edit]", 1);
        assertThat(page.shown("#now")).isFalse();
        page.type("#ask", "say:now");
        page.click("#now");
        page.awaitTurns(3);
        page.awaitState(3, "completed");
        assertThat(page.questions()).containsExactly("slow:2000x50", "say:now", "say:later");
        page.awaitState(1, "cancelled");
        page.reload();
        page.awaitTurns(3);
        assertThat(page.questions()).containsExactly("slow:2000x50", "say:now", "say:later");
    }

    @Test
    void an_answer_is_regenerated_and_the_old_one_is_one_step_away() {
        page.send("many:2 diverge:1 # " + UUID.randomUUID());
        page.awaitState(1, "completed");
        var first = page.answer(1);
        page.click("[aria-label='Regenerate this answer']");
        page.awaitText(".meta .ways-at", "2/2");
        assertThat(page.answer(1)).isEqualTo("other-1 other-2").isNotEqualTo(first);
        page.click(".meta .ways [title='Previous version']");
        page.await("#aside:not([hidden])");
        assertThat(page.answer(1)).isEqualTo(first);
        page.click("#newest");
        page.awaitAnswerWith(1, "other-1");
        assertThat(page.shown("#aside")).isFalse();

        page.click(".meta .ways [title='Previous version']");
        page.await("#aside:not([hidden])");
        page.send("say:from here");
        page.awaitState(2, "completed");
        assertThat(page.shown("#aside")).isFalse();
        assertThat(page.answer(1)).as("now the newest branch").isEqualTo(first);
        assertThat(page.answer(2)).isEqualTo("from here");
    }

    @Test
    void a_message_is_said_in_other_words_in_all_tabs_and_the_first_words_stay() {
        page.send("say:one");
        page.awaitState(1, "completed");
        page.send("say:two");
        page.awaitState(2, "completed");
        var other = page.inAnotherTab();
        other.awaitState(2, "completed");
        page.click("[aria-label='Edit this message']");
        page.retype(".reword", "say:uno\n");
        page.awaitText(".said .ways-at", "2/2");
        page.awaitState(1, "completed");
        assertThat(page.questions()).containsExactly("say:uno");
        assertThat(page.answer(1)).isEqualTo("uno");
        other.awaitTurns(1);
        other.awaitState(1, "completed");
        assertThat(other.questions()).containsExactly("say:uno");
        page.click(".said .ways [title='Previous version']");
        page.awaitTurns(2);
        assertThat(page.questions()).containsExactly("say:one", "say:two");
    }

    /** In one transaction, so that no node takes the run meanwhile. */
    private static Accepted asked(Truth truth, String thread) {
        return truth.tx(() -> {
            var accepted = (Accepted) truth.send(truth.message(thread, "u1", "many:2"));
            Claim claim = truth.claimOne(Truth.node("other"));
            truth.open(Opening.first(claim.fence(), "other"));
            var input = JsonNodeFactory.instance.objectNode().put("of", "colours");
            List<Chunk> said = List.of(
                    Chunks.start(claim.answerId()),
                    Chunks.startStep(),
                    Chunks.toolInputStart("c1", "choose"),
                    Chunks.toolInputAvailable("c1", "choose", input),
                    Chunks.finishStep().withMeta(Chunks.stepMeta("tool-calls", JsonNodeFactory.instance.objectNode())));
            truth.flushUntilCommitted(Truth.item(claim.fence(), 1, said));
            var question = JsonNodeFactory.instance
                    .objectNode()
                    .put("toolCallId", "c1")
                    .put("toolName", "choose")
                    .<ObjectNode>set("input", input);
            assertThat(truth.pauses.pause(claim.fence(), List.of(Question.open("c1", Question.TOOL, question))))
                    .isEqualTo(new PauseResult.Paused());
            return accepted;
        });
    }
}
