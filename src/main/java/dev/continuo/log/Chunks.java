package dev.continuo.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.continuo.json.Mappers;
import dev.continuo.log.Chunk.Delta;
import dev.continuo.log.Chunk.Whole;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/**
 * The chunk vocabulary, which is the storage format. Tools are dynamic ones for the AI SDK, because no client knows
 * their types beforehand. Text must be clean already, see {@link Sanitize}.
 */
public final class Chunks {
    private static final ObjectMapper MAPPER = Mappers.plain();
    private static final Whole START_STEP = whole("{\"type\":\"start-step\"}");
    private static final Whole FINISH_STEP = whole("{\"type\":\"finish-step\"}");
    private static final Whole ABORT = whole("{\"type\":\"abort\"}");

    private Chunks() {}

    public static Whole start(UUID messageId) {
        return whole("{\"type\":\"start\",\"messageId\":\"" + messageId + "\"}");
    }

    public static Whole startStep() {
        return START_STEP;
    }

    public static Whole textStart(String id) {
        return withId("text-start", id);
    }

    public static Delta textDelta(String id, String text) {
        return new Delta(Delta.Kind.TEXT, id, text);
    }

    public static Whole textEnd(String id) {
        return withId("text-end", id);
    }

    public static Whole reasoningStart(String id) {
        return withId("reasoning-start", id);
    }

    public static Delta reasoningDelta(String id, String text) {
        return new Delta(Delta.Kind.REASONING, id, text);
    }

    public static Whole reasoningEnd(String id) {
        return withId("reasoning-end", id);
    }

    public static Whole toolInputStart(String callId, String tool) {
        return dynamic("tool-input-start", callId, object().put("toolName", tool));
    }

    public static Delta toolInputDelta(String callId, String text) {
        return new Delta(Delta.Kind.TOOL_INPUT, callId, text);
    }

    public static Whole toolInputAvailable(String callId, String tool, JsonNode input) {
        return dynamic(
                "tool-input-available", callId, object().put("toolName", tool).set("input", input));
    }

    public static Whole toolInputError(String callId, String tool, JsonNode input, String errorText) {
        ObjectNode rest = object().put("toolName", tool).set("input", input);
        return dynamic("tool-input-error", callId, rest.put("errorText", errorText));
    }

    public static Whole toolOutputAvailable(String callId, JsonNode output) {
        return dynamic("tool-output-available", callId, object().set("output", output));
    }

    public static Whole toolOutputError(String callId, String errorText) {
        return dynamic("tool-output-error", callId, object().put("errorText", errorText));
    }

    /** A person is asked whether the call may be made. Only clients of version 6 on know it. */
    public static Whole toolApprovalRequest(String approvalId, String callId) {
        return of(object().put("type", "tool-approval-request")
                .put("approvalId", approvalId)
                .put("toolCallId", callId));
    }

    /** A person did not allow the call; {@link AnswerParts} takes the reason from the record's meta. */
    public static Whole toolOutputDenied(String callId, Optional<String> reason) {
        var denied = of(object().put("type", "tool-output-denied").put("toolCallId", callId));
        return reason.map(r -> denied.withMeta(bytes(object().put("reason", r))))
                .orElse(denied);
    }

    public static Whole finishStep() {
        return FINISH_STEP;
    }

    public static Whole error(String errorText) {
        return new Whole(
                new JsonBytes()
                        .raw("{\"type\":\"error\",\"errorText\":")
                        .string(errorText)
                        .raw("}")
                        .done(),
                Chunk.NO_META);
    }

    public static Whole abort() {
        return ABORT;
    }

    /** @param finishReason as the AI SDK spells it: stop, length, content-filter, tool-calls, error, other */
    public static Whole finish(Optional<String> finishReason) {
        return whole(finishReason
                .map(reason -> "{\"type\":\"finish\",\"finishReason\":\"" + reason + "\"}")
                .orElse("{\"type\":\"finish\"}"));
    }

    /** A {@code data-name} chunk. */
    public static Whole data(String name, Optional<String> id, JsonNode data) {
        var chunk = object().put("type", "data-" + name);
        id.ifPresent(i -> chunk.put("id", i));
        return new Whole(bytes(chunk.set("data", data)), Chunk.NO_META);
    }

    /** A {@code data-name} chunk that leaves no part in the message. */
    public static Whole transientData(String name, JsonNode data) {
        var chunk = object().put("type", "data-" + name);
        chunk.set("data", data);
        return of(chunk.put("transient", true));
    }

    /** Meta of the last {@code finish-step}: the generation is complete, and this is how it ended. */
    public static byte[] finalMeta(String finishReason, JsonNode usage) {
        var meta = object();
        meta.putObject("final").put("finishReason", finishReason).set("usage", usage);
        return bytes(meta);
    }

    /** Meta of a {@code finish-step} that another one follows, because the model called tools. */
    public static byte[] stepMeta(String finishReason, JsonNode usage) {
        return stepMeta(finishReason, usage, JsonNodeFactory.instance.arrayNode());
    }

    /** @param signatures what the provider wants back with the next step */
    public static byte[] stepMeta(String finishReason, JsonNode usage, ArrayNode signatures) {
        var meta = object();
        var step = meta.putObject("step").put("finishReason", finishReason);
        step.set("usage", usage);
        if (!signatures.isEmpty()) {
            step.set("signatures", signatures);
        }
        return bytes(meta);
    }

    /** Meta of {@code start-step}: how the provider calls this response. */
    public static byte[] responseMeta(String responseId) {
        return bytes(object().put("responseId", responseId));
    }

    private static Whole withId(String type, String id) {
        return new Whole(
                new JsonBytes()
                        .raw("{\"type\":\"")
                        .raw(type)
                        .raw("\",\"id\":")
                        .string(id)
                        .raw("}")
                        .done(),
                Chunk.NO_META);
    }

    private static Whole dynamic(String type, String callId, ObjectNode rest) {
        var chunk = object().put("type", type).put("toolCallId", callId);
        chunk.setAll(rest);
        return of(chunk.put("dynamic", true));
    }

    static Whole of(ObjectNode chunk) {
        return new Whole(bytes(chunk), Chunk.NO_META);
    }

    private static Whole whole(String json) {
        return new Whole(json.getBytes(StandardCharsets.UTF_8), Chunk.NO_META);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a chunk with text that has no UTF-8", e);
        }
    }
}
