package dev.continuo.execution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.continuo.log.Chunk;
import dev.continuo.log.Chunks;
import dev.continuo.run.Question;
import dev.continuo.tool.Tool;
import dev.continuo.tool.Tool.Approval;
import dev.continuo.tool.Tool.Traits;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {
    private static final ObjectNode INPUT =
            JsonNodeFactory.instance.objectNode().put("n", 1);
    private static final LoggedCall CALL = new LoggedCall(4, "c1", "book", INPUT);
    private static final Traits WRITES = new Traits(false, false);

    @Test
    void a_tool_that_nobody_has_is_an_error_to_the_model() {
        assertThat(Verdict.on(CALL, Optional.empty(), 0, Map.of()))
                .isInstanceOfSatisfying(Verdict.Say.class, say -> assertThat(text(say.chunk()))
                        .contains("tool-output-error", "no tool named book"));
    }

    /** Whether it was begun, what its tool allows, what a person has said: to the first question, and to the one after it. */
    @ParameterizedTest(name = "{0} times begun, {1}, {2}, first {3}, then {4}: {5}")
    @CsvSource({
        "0, writes,     NONE,               ,    ,    Make",
        "0, writes,     ASK,                ,    ,    Ask c1",
        "0, writes,     ASK,                yes, ,    Make",
        "0, writes,     ASK,                no,  ,    Denied",
        "0, writes,     NONE,               no,  ,    Denied",
        "0, writes,     ANSWERED_BY_PERSON, ,    ,    Ask c1",
        "0, writes,     ANSWERED_BY_PERSON, out, ,    Output",
        "0, writes,     ANSWERED_BY_PERSON, no,  ,    Error",
        "1, idempotent, NONE,               ,    ,    Make",
        "1, readOnly,   ASK,                yes, ,    Make",
        "1, writes,     NONE,               ,    ,    Unknown",
        "1, writes,     ASK,                yes, ,    Ask c1-again1",
        "1, writes,     ASK,                yes, yes, Make",
        "1, writes,     ASK,                yes, no,  Error",
        "2, writes,     ASK,                yes, ,    Ask c1-again2",
    })
    void what_is_done_about_a_call(
            int begun, String traits, Approval approval, String first, String then, String expected) {
        var tool = new Tool("book", "", INPUT, traits(traits), approval);
        var asked = new HashMap<String, Question>();
        if (first != null) {
            asked.put("c1", answered("c1", first));
        }
        if (then != null) {
            asked.put("c1-again" + begun, answered("c1-again" + begun, then));
        }
        assertThat(word(Verdict.on(CALL, Optional.of(tool), begun, asked))).isEqualTo(expected);
    }

    @Test
    void the_reason_of_a_denial_goes_with_the_record() {
        var denied = (Verdict.Say) Verdict.on(
                CALL,
                Optional.of(new Tool("book", "", INPUT, WRITES, Approval.ASK)),
                0,
                Map.of("c1", answered("c1", "no")));
        assertThat(new String(denied.chunk().meta(), StandardCharsets.UTF_8)).isEqualTo("{\"reason\":\"dear\"}");
        assertThat(text(denied.chunk())).isEqualTo(text(Chunks.toolOutputDenied("c1", Optional.empty())));
    }

    private static Traits traits(String word) {
        return switch (word) {
            case "idempotent" -> new Traits(false, true);
            case "readOnly" -> new Traits(true, false);
            default -> WRITES;
        };
    }

    private static Question answered(String id, String word) {
        var answer = JsonNodeFactory.instance.objectNode();
        switch (word) {
            case "yes" -> answer.put("approved", true);
            case "no" -> answer.put("approved", false).put("reason", "dear");
            default -> answer.put("output", "red");
        }
        return new Question(id, Question.APPROVAL, INPUT, 9, Optional.of(answer));
    }

    private static String word(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Make _ -> "Make";
            case Verdict.Unknown _ -> "Unknown";
            case Verdict.Ask(var question) -> "Ask " + question.callId();
            case Verdict.Say(var chunk) ->
                text(chunk).contains("output-denied")
                        ? "Denied"
                        : text(chunk).contains("output-error") ? "Error" : "Output";
        };
    }

    private static String text(Chunk chunk) {
        return new String(chunk.json(), StandardCharsets.UTF_8);
    }
}
