package dev.continuo.tool;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * How large a schema is once every reference stands for what it refers to. A few lines can say so much that checking one
 * object takes years; only schemas that refer to themselves by pointer, and expand to a moderate size, are used.
 */
final class Expansion {
    static final int MOST = 50_000;

    private static final int TOO_LARGE = MOST + 1;

    private final JsonNode root;
    private final Map<JsonNode, Integer> known = new IdentityHashMap<>();

    private Expansion(JsonNode root) {
        this.root = root;
    }

    static boolean isModerate(JsonNode schema) {
        return new Expansion(schema).size(schema) <= MOST;
    }

    private int size(JsonNode node) {
        if (!node.isContainerNode()) {
            return 1;
        }
        var before = known.get(node);
        if (before != null) {
            return before;
        }
        // What leads back to itself counts once: it goes no deeper than the arguments do.
        known.put(node, 1);
        int size = 1;
        for (var child : node) {
            size = Math.min(TOO_LARGE, size + size(child));
        }
        if (node.has("$dynamicRef") || node.has("$recursiveRef")) {
            size = TOO_LARGE;
        }
        if (node.path("$ref").isTextual()) {
            size = Math.min(TOO_LARGE, size + referred(node.path("$ref").asText()));
        }
        known.put(node, size);
        return size;
    }

    private int referred(String ref) {
        if (!ref.equals("#") && !ref.startsWith("#/")) {
            return TOO_LARGE;
        }
        var target = root.at(URLDecoder.decode(ref.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8));
        return target.isMissingNode() ? TOO_LARGE : size(target);
    }
}
