package dev.continuo.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.continuo.json.Mappers;
import java.util.Optional;
import java.util.Set;

/**
 * Outputs in a size that a model can read. Of one that is too large, bytes of pictures and sound are left out; what is
 * still too large is kept elsewhere as text, and its head says how to read on. Positions count code points, as
 * PostgreSQL does.
 */
final class OutputCap {
    /** What the words around a head take. */
    private static final int FRAME = 640;

    private static final Set<String> BINARY = Set.of("data", "blob");
    private static final int SHORT = 256;
    /** Jackson writes what is beyond the basic plane as two escapes. */
    private static final int ESCAPED_PAIR = 12;

    private static final ObjectMapper JSON = Mappers.plain();

    /** @param spilled the whole text, where the output is only its head */
    record Capped(JsonNode output, Optional<String> spilled) {}

    private OutputCap() {}

    /** @param most bytes of JSON */
    static Capped of(JsonNode output, int most, String callId) {
        if (bytes(output) <= most) {
            return new Capped(output, Optional.empty());
        }
        var shortened = withoutBinaries(output);
        if (bytes(shortened) <= most) {
            return new Capped(shortened, Optional.empty());
        }
        // PostgreSQL has no NUL in a text.
        var text = (shortened.isTextual() ? shortened.asText() : shortened.toString()).replace('\0', '\ufffd');
        var head = head(text, most - FRAME);
        var cut = JsonNodeFactory.instance.objectNode();
        cut.put("truncated", true);
        cut.put("characters", text.codePointCount(0, text.length()));
        cut.put("head", head);
        var more = cut.putObject("readOn");
        more.put("tool", ReadToolOutput.NAME);
        more.put("callId", callId);
        more.put("offset", head.codePointCount(0, head.length()));
        return new Capped(cut, Optional.of(text));
    }

    /** The same without a way to the rest. */
    static JsonNode withoutRest(JsonNode capped) {
        var lost = ((ObjectNode) capped).deepCopy();
        lost.remove("readOn");
        return lost.put("rest", "It could not be kept. Ask for less at once.");
    }

    /** The longest beginning of a text that takes no more than so many bytes as a JSON string. */
    static String head(String text, int most) {
        int taken = 0;
        int i = 0;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            taken += inJson(c);
            if (taken > most) {
                break;
            }
            i += Character.charCount(c);
        }
        return text.substring(0, i);
    }

    private static int inJson(int c) {
        if (c < 0x20 || c >= 0xd800 && c < 0xe000) {
            return 6;
        }
        if (c == '"' || c == '\\') {
            return 2;
        }
        return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : ESCAPED_PAIR;
    }

    private static int bytes(JsonNode node) {
        try {
            return JSON.writeValueAsBytes(node).length;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can be written", e);
        }
    }

    private static JsonNode withoutBinaries(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                var copy = JsonNodeFactory.instance.objectNode();
                object.properties().forEach(p -> copy.set(p.getKey(), field(p.getKey(), p.getValue())));
                yield copy;
            }
            case ArrayNode array -> {
                var copy = JsonNodeFactory.instance.arrayNode();
                array.forEach(item -> copy.add(withoutBinaries(item)));
                yield copy;
            }
            default -> node;
        };
    }

    private static JsonNode field(String name, JsonNode value) {
        return BINARY.contains(name) && value.isTextual() && value.asText().length() > SHORT
                ? new TextNode("(left out: " + value.asText().length() + " characters of Base64)")
                : withoutBinaries(value);
    }
}
