package dev.continuo.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.continuo.json.Mappers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Folds records into the parts of a UIMessage, following {@code processUIMessageStream} of the AI SDK. One difference:
 * a part that never ended is {@code done} here, because a stored message streams no more.
 */
public final class AnswerParts {
    private static final ObjectMapper MAPPER = Mappers.plain();

    private final List<ObjectNode> parts = new ArrayList<>();
    private final List<Open> texts = new ArrayList<>();
    private final Map<String, Open> open = new HashMap<>();
    private final Map<String, ObjectNode> tools = new HashMap<>();
    private final Map<String, StringBuilder> toolInputs = new HashMap<>();
    private final StringBuilder text = new StringBuilder();

    private record Open(ObjectNode part, StringBuilder text) {}

    private AnswerParts() {}

    /** @throws UncheckedIOException where a chunk is not JSON */
    public static Answer fold(Iterable<LogRecord> records) {
        var fold = new AnswerParts();
        for (var r : records) {
            try {
                fold.add(MAPPER.readTree(r.chunk()), r);
            } catch (IOException e) {
                throw new UncheckedIOException("record " + r.idx() + " is not JSON", e);
            }
        }
        return fold.answer();
    }

    /** Lower hex of the SHA-256 over the UTF-8 of a text. */
    public static String sha256(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private void add(JsonNode chunk, LogRecord record) throws IOException {
        var type = chunk.path("type").asText();
        switch (type) {
            case "start-step" -> parts.add(object("step-start"));
            case "finish-step" ->
                open.keySet().removeIf(key -> key.startsWith("text ") || key.startsWith("reasoning "));
            case "text-start", "reasoning-start" -> begin(type.substring(0, type.length() - 6), chunk);
            case "text-delta", "reasoning-delta" -> extend(type.substring(0, type.length() - 6), chunk);
            case "text-end", "reasoning-end" -> open.remove(key(type.substring(0, type.length() - 4), chunk));
            case "source-url", "source-document", "file" -> parts.add(chunk.deepCopy());
            default -> {
                if (type.startsWith("tool-")) {
                    tool(type, chunk, record);
                } else if (type.startsWith("data-")) {
                    data(type, chunk);
                }
            }
        }
    }

    private void begin(String kind, JsonNode chunk) {
        var part = object(kind).put("text", "").put("state", "done");
        copy(chunk, part, "providerMetadata");
        parts.add(part);
        var begun = new Open(part, new StringBuilder());
        texts.add(begun);
        open.put(key(kind, chunk), begun);
    }

    private void extend(String kind, JsonNode chunk) {
        var delta = chunk.path("delta").asText();
        if (kind.equals("text")) {
            text.append(delta);
        }
        var of = open.get(key(kind, chunk));
        if (of == null) {
            begin(kind, chunk);
            of = open.get(key(kind, chunk));
        }
        of.text().append(delta);
    }

    private void tool(String type, JsonNode chunk, LogRecord record) throws IOException {
        var callId = chunk.path("toolCallId").asText();
        if (type.equals("tool-input-delta")) {
            toolInputs
                    .computeIfAbsent(callId, id -> new StringBuilder())
                    .append(chunk.path("inputTextDelta").asText());
            return;
        }
        var part = tools.computeIfAbsent(callId, id -> toolPart(id, chunk));
        copy(chunk, part, "providerExecuted");
        switch (type) {
            case "tool-input-start" -> {
                part.put("state", "input-streaming");
                toolInputs.put(callId, new StringBuilder());
            }
            case "tool-input-available" -> {
                part.put("state", "input-available");
                copy(chunk, part, "input");
                toolInputs.remove(callId);
            }
            case "tool-input-error" -> {
                part.put("state", "output-error");
                copy(chunk, part, "input");
                copy(chunk, part, "errorText");
                toolInputs.remove(callId);
            }
            case "tool-output-available" -> {
                part.put("state", "output-available");
                copy(chunk, part, "output");
                copy(chunk, part, "preliminary");
                approve(part);
            }
            case "tool-output-error" -> {
                part.put("state", "output-error");
                copy(chunk, part, "errorText");
                approve(part);
            }
            case "tool-approval-request" -> {
                part.put("state", "approval-requested");
                part.putObject("approval").set("id", chunk.path("approvalId"));
            }
            case "tool-output-denied" -> {
                part.put("state", "output-denied");
                var approval = part.get("approval") instanceof ObjectNode asked ? asked : part.putObject("approval");
                approval.put("approved", false);
                if (record.hasMeta()) {
                    copy(MAPPER.readTree(record.meta()), approval, "reason");
                }
            }
            default -> {}
        }
    }

    /** What was asked for and then made was allowed. */
    private static void approve(ObjectNode part) {
        if (part.get("approval") instanceof ObjectNode approval) {
            approval.put("approved", true);
        }
    }

    private ObjectNode toolPart(String callId, JsonNode chunk) {
        var tool = chunk.path("toolName").asText();
        var part = chunk.path("dynamic").asBoolean()
                ? object("dynamic-tool").put("toolName", tool)
                : object("tool-" + tool);
        parts.add(part.put("toolCallId", callId));
        return part;
    }

    private void data(String type, JsonNode chunk) {
        if (chunk.path("transient").asBoolean()) {
            return;
        }
        for (var part : parts) {
            if (chunk.has("id")
                    && type.equals(part.path("type").asText())
                    && chunk.get("id").equals(part.get("id"))) {
                part.set("data", chunk.get("data"));
                return;
            }
        }
        parts.add(chunk.deepCopy());
    }

    private Answer answer() {
        texts.forEach(t -> t.part().put("text", t.text().toString()));
        toolInputs.forEach((callId, input) -> parse(input.toString())
                .ifPresent(i -> Optional.ofNullable(tools.get(callId)).ifPresent(part -> part.set("input", i))));
        var all = text.toString();
        return new Answer(List.copyOf(parts), all, all.isEmpty() ? Optional.empty() : Optional.of(sha256(all)));
    }

    /** The parts as they are stored. */
    public static String json(Answer answer) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        answer.parts().forEach(array::add);
        return array.toString();
    }

    private static Optional<JsonNode> parse(String json) {
        try {
            return json.isBlank() ? Optional.empty() : Optional.of(MAPPER.readTree(json));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static String key(String kind, JsonNode chunk) {
        return kind + " " + chunk.path("id").asText();
    }

    private static ObjectNode object(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    private static void copy(JsonNode from, ObjectNode to, String field) {
        if (from.has(field)) {
            to.set(field, from.get(field));
        }
    }
}
