package dev.continuo.execution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.continuo.log.Chunk;
import dev.continuo.log.Chunks;
import dev.continuo.log.LogRecord;
import dev.continuo.model.Dialect;
import dev.continuo.model.PromptMessage;
import dev.continuo.model.PromptMessage.Role;
import dev.continuo.model.PromptMessage.Thought;
import dev.continuo.model.PromptMessage.ToolUse;
import dev.continuo.model.Signature;
import dev.continuo.model.Usage;
import dev.continuo.run.OnTakeover;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RunSoFarTest {
    private static final JsonNode INPUT = JsonNodeFactory.instance.objectNode().put("n", 1);
    private static final Usage FIRST = new Usage(10, 3, 1, 2);
    private static final Usage SECOND = new Usage(20, 4, 0, 8);

    private static final List<Chunk> LOG = List.of(
            Chunks.start(new UUID(0, 1)),
            Chunks.startStep(),
            Chunks.textStart("t1"),
            Chunks.textDelta("t1", "I add."),
            Chunks.textEnd("t1"),
            Chunks.toolInputStart("c1", "add"),
            Chunks.toolInputAvailable("c1", "add", INPUT),
            Chunks.toolInputStart("c2", "book"),
            Chunks.toolInputAvailable("c2", "book", INPUT),
            Chunks.toolInputStart("c3", "bad"),
            Chunks.toolInputError("c3", "bad", INPUT, "no"),
            Chunks.finishStep().withMeta(Chunks.stepMeta("tool-calls", Usages.json(FIRST))),
            Chunks.toolOutputAvailable("c1", INPUT),
            Chunks.toolApprovalRequest("c2", "c2"),
            Chunks.toolOutputDenied("c2", Optional.of("dear")),
            Chunks.startStep(),
            Chunks.textStart("t2"),
            Chunks.finishStep().withMeta(Chunks.finalMeta("stop", Usages.json(SECOND))));

    private static RunSoFar after(int records) {
        var log = new ArrayList<LogRecord>();
        for (var chunk : LOG.subList(0, records)) {
            log.add(new LogRecord(log.size() + 1, 1, chunk.json(), chunk.meta()));
        }
        return RunSoFar.of(log);
    }

    @Test
    void while_a_step_speaks_nothing_before_it_is_open() {
        assertThat(after(0).end()).isZero();
        var speaking = after(11);
        assertThat(speaking.end()).isZero();
        assertThat(speaking.said()).hasSize(11);
        assertThat(speaking.unanswered()).as("it may call more").isEmpty();
        assertThat(speaking.finishedSteps()).isZero();
        var again = after(17);
        assertThat(again.end()).isEqualTo(15);
        assertThat(again.said()).extracting(LogRecord::idx).containsExactly(16, 17);
        assertThat(again.texts()).isEqualTo(1);
        assertThat(again.callIds()).containsExactlyInAnyOrder("c1", "c2", "c3");
    }

    @Test
    void a_finished_step_waits_for_what_comes_of_its_calls() {
        assertThat(after(12).unanswered())
                .containsExactly(new LoggedCall(7, "c1", "add", INPUT), new LoggedCall(9, "c2", "book", INPUT));
        assertThat(after(13).unanswered()).extracting(LoggedCall::callId).containsExactly("c2");
        assertThat(after(13).asked("c2")).isFalse();
        assertThat(after(14).asked("c2")).isTrue();
        assertThat(after(15).unanswered()).isEmpty();
        assertThat(after(15).end()).isEqualTo(15);
        assertThat(after(15).said()).isEmpty();
        assertThat(after(15).finalReason()).isEmpty();
    }

    @Test
    void what_a_provider_wants_back_stands_where_it_was_said() {
        var signatures = new Signatures();
        signatures.add(0, signature(Signature.Of.HIDDEN, "h0"));
        signatures.add(1, signature(Signature.Of.THOUGHT, "s1"));
        signatures.add(3, signature(Signature.Of.THOUGHT, "s3"));
        var meta = Chunks.stepMeta("tool-calls", Usages.json(FIRST), signatures.json());
        var log = new ArrayList<LogRecord>();
        for (var chunk : List.of(
                Chunks.start(new UUID(0, 1)),
                Chunks.startStep(),
                Chunks.reasoningStart("r1"),
                Chunks.reasoningDelta("r1", "one"),
                Chunks.reasoningEnd("r1"),
                Chunks.textStart("t2"),
                Chunks.textDelta("t2", "I add."),
                Chunks.textEnd("t2"),
                Chunks.reasoningStart("r3"),
                Chunks.reasoningDelta("r3", "two"),
                Chunks.reasoningEnd("r3"),
                Chunks.toolInputStart("c1", "add"),
                Chunks.toolInputAvailable("c1", "add", INPUT),
                Chunks.finishStep().withMeta(meta),
                Chunks.toolOutputAvailable("c1", INPUT))) {
            log.add(new LogRecord(log.size() + 1, 1, chunk.json(), chunk.meta()));
        }
        assertThat(RunSoFar.of(log).told())
                .containsExactly(
                        new PromptMessage(
                                Role.ASSISTANT,
                                "I add.",
                                false,
                                List.of(),
                                List.of(
                                        new Thought("", signature(Signature.Of.HIDDEN, "h0")),
                                        new Thought("one", signature(Signature.Of.THOUGHT, "s1")))),
                        new PromptMessage(
                                Role.ASSISTANT,
                                "",
                                false,
                                List.of(new ToolUse(
                                        "c1", "add", INPUT.toString(), INPUT.toString(), ToolUse.Ending.OUTPUT)),
                                List.of(new Thought("two", signature(Signature.Of.THOUGHT, "s3")))));
    }

    @Test
    void signatures_of_a_provider_that_only_a_newer_node_knows_are_left_out() {
        var json = JsonNodeFactory.instance.arrayNode();
        json.addObject().put("by", "NOVELTY").put("of", "CALLS").put("at", 0).put("value", "v");
        json.addObject().put("by", "GEMINI").put("of", "CALLS").put("at", 0).put("value", "w");
        assertThat(Signatures.of(json).ofCalls()).contains(new Signature(Dialect.GEMINI, Signature.Of.CALLS, "w"));
    }

    private static Signature signature(Signature.Of of, String value) {
        return new Signature(Dialect.ANTHROPIC, of, value);
    }

    @Test
    void the_last_step_says_that_it_is() {
        var whole = after(18);
        assertThat(whole.finalReason()).contains("stop");
        assertThat(whole.lastUsage()).isEqualTo(SECOND);
        assertThat(whole.usage()).isEqualTo(FIRST.plus(SECOND));
        assertThat(Ladder.rung(whole, 9, OnTakeover.FAIL)).isEqualTo(new Ladder.Rung.Complete("stop"));
    }
}
