package dev.continuo.log;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.continuo.log.Chunk.Delta;
import dev.continuo.log.Chunk.Whole;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * A provider that is asked again makes up new ids for the same calls. The logged ones stay, because watchers and tools
 * know them.
 */
final class CallIds {
    private static final String FIELD = "toolCallId";

    /** Numbers are the same where their values are: {@code 1} and {@code 1.0}. */
    private static final Comparator<JsonNode> BY_VALUE = (a, b) -> {
        if (a.isNumber() && b.isNumber()) {
            return a.decimalValue().compareTo(b.decimalValue());
        }
        return a.equals(b) ? 0 : 1;
    };

    private final Map<String, String> loggedBySaid = new HashMap<>();

    /** The chunk under the id that the log has for its call. */
    Chunk asLogged(Chunk said) {
        if (loggedBySaid.isEmpty()) {
            return said;
        }
        return switch (said) {
            case Delta(var kind, var id, var text)
            when kind == Delta.Kind.TOOL_INPUT -> new Delta(kind, loggedBySaid.getOrDefault(id, id), text);
            case Delta delta -> delta;
            case Whole whole -> asLogged(whole);
        };
    }

    private Whole asLogged(Whole said) {
        var json = Regeneration.json(said.json());
        var id = json.path(FIELD).asText();
        if (loggedBySaid.getOrDefault(id, id).equals(id)) {
            return said;
        }
        return Chunks.of(((ObjectNode) json).put(FIELD, loggedBySaid.get(id))).withMeta(said.meta());
    }

    /** Whether both are the same JSON; a call that begins here may have another id, which is remembered then. */
    boolean areSame(JsonNode logged, JsonNode said) {
        if (!said.path("type").equals(logged.path("type"))
                || !logged.has(FIELD)
                || !said.path("type").asText().equals("tool-input-start")) {
            return logged.equals(BY_VALUE, said);
        }
        var renamed = ((ObjectNode) said.deepCopy()).<ObjectNode>set(FIELD, logged.get(FIELD));
        boolean same = logged.equals(BY_VALUE, renamed);
        if (same) {
            loggedBySaid.put(said.path(FIELD).asText(), logged.get(FIELD).asText());
        }
        return same;
    }
}
