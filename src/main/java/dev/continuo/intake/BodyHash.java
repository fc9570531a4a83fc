package dev.continuo.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.TreeMap;

/** SHA-256 of the canonical JSON of role and parts: the same message, however its sender orders the fields. */
final class BodyHash {
    private BodyHash() {}

    static byte[] of(String role, JsonNode parts) {
        var body = JsonNodeFactory.instance.objectNode();
        body.set("parts", canonical(parts));
        body.put("role", role);
        try {
            return MessageDigest.getInstance("SHA-256").digest(body.toString().getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static JsonNode canonical(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                var sorted = new TreeMap<String, JsonNode>();
                object.properties().forEach(e -> sorted.put(e.getKey(), canonical(e.getValue())));
                var copy = JsonNodeFactory.instance.objectNode();
                sorted.forEach(copy::set);
                yield copy;
            }
            case ArrayNode array -> {
                var copy = JsonNodeFactory.instance.arrayNode(array.size());
                array.forEach(e -> copy.add(canonical(e)));
                yield copy;
            }
            default -> node;
        };
    }
}
