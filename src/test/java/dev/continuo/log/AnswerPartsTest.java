package dev.continuo.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnswerPartsTest {
    @Test
    void a_whole_answer_becomes_the_parts_that_the_ai_sdk_builds() {
        var answer = fold(
                Chunks.start(Logs.RUN),
                Chunks.startStep(),
                Chunks.reasoningStart("r"),
                Chunks.reasoningDelta("r", "hm"),
                Chunks.reasoningEnd("r"),
                Chunks.textStart("t"),
                Chunks.textDelta("t", "Grüße, "),
                Chunks.textDelta("t", "wie"),
                Chunks.textEnd("t"),
                Chunks.toolInputStart("c", "weather"),
                Chunks.toolInputDelta("c", "{\"city\":"),
                Chunks.toolInputDelta("c", "\"Bonn\"}"),
                Chunks.toolInputAvailable("c", "weather", json("{\"city\":\"Bonn\"}")),
                Chunks.toolOutputAvailable("c", json("{\"t\":21}")),
                Chunks.finishStep(),
                Chunks.startStep(),
                Chunks.textStart("t"),
                Chunks.textDelta("t", " geht's"),
                Chunks.textEnd("t"),
                Chunks.finishStep(),
                Chunks.finish(Optional.of("stop")));

        assertThat(json(AnswerParts.json(answer))).isEqualTo(json("""
                [{"type":"step-start"},
                 {"type":"reasoning","text":"hm","state":"done"},
                 {"type":"text","text":"Grüße, wie","state":"done"},
                 {"type":"dynamic-tool","toolName":"weather","toolCallId":"c","state":"output-available",
                  "input":{"city":"Bonn"},"output":{"t":21}},
                 {"type":"step-start"},
                 {"type":"text","text":" geht's","state":"done"}]"""));
        assertThat(answer.text()).isEqualTo("Grüße, wie geht's");
        assertThat(answer.sha256()).contains("99f2f4f095c5503e1417f66efd787dbbfe568a2e4e430ce319bfe440ee1022e8");
    }

    @Test
    void a_partial_answer_keeps_what_there_is() {
        var answer = fold(
                Chunks.start(Logs.RUN),
                Chunks.textStart("t"),
                Chunks.textDelta("t", "half a sen"),
                Chunks.toolInputStart("c", "look"),
                Chunks.toolInputDelta("c", "{\"a\":"),
                Chunks.error("broken"),
                Chunks.finish(Optional.empty()));

        assertThat(json(AnswerParts.json(answer))).isEqualTo(json("""
                [{"type":"text","text":"half a sen","state":"done"},
                 {"type":"dynamic-tool","toolName":"look","toolCallId":"c","state":"input-streaming"}]"""));
    }

    @Test
    void an_answer_without_text_has_no_hash() {
        assertThat(fold(Chunks.start(Logs.RUN), Chunks.abort(), Chunks.finish(Optional.empty()))
                        .sha256())
                .isEmpty();
    }

    @Test
    void failed_tools_say_why_and_data_parts_are_replaced_by_id() {
        var answer = fold(
                Chunks.toolInputError("c", "look", json("{}"), "no such city"),
                Chunks.toolInputStart("d", "look"),
                Chunks.toolOutputError("d", "gone"),
                Chunks.data("progress", Optional.of("p"), json("1")),
                Chunks.data("progress", Optional.of("p"), json("2")));

        assertThat(json(AnswerParts.json(answer))).isEqualTo(json("""
                [{"type":"dynamic-tool","toolName":"look","toolCallId":"c","state":"output-error","input":{},
                  "errorText":"no such city"},
                 {"type":"dynamic-tool","toolName":"look","toolCallId":"d","state":"output-error","errorText":"gone"},
                 {"type":"data-progress","id":"p","data":2}]"""));
    }

    @Test
    void a_log_that_no_sdk_would_accept_never_stops_a_finish() {
        var answer = fold(
                Chunks.textDelta("t", "no start"),
                Chunks.textEnd("u"),
                Chunks.toolInputDelta("x", "{}"),
                Chunks.finishStep());
        assertThat(answer.text()).isEqualTo("no start");
    }

    private static Answer fold(Chunk... chunks) {
        var records = new ArrayList<LogRecord>();
        for (var c : List.of(chunks)) {
            records.add(new LogRecord(records.size() + 1, 1, c.json(), c.meta()));
        }
        return AnswerParts.fold(records);
    }

    private static JsonNode json(String json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
