package dev.continuo.thread;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON that jsonb can hold: NUL and lone surrogates, which it refuses, become U+FFFD. */
public final class CleanJson {
    private static final char REPLACEMENT = '\uFFFD';

    private CleanJson() {}

    /** A copy; the original is left alone. */
    public static JsonNode clean(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                var copy = JsonNodeFactory.instance.objectNode();
                object.properties().forEach(e -> copy.set(text(e.getKey()), clean(e.getValue())));
                yield copy;
            }
            case ArrayNode array -> {
                var copy = JsonNodeFactory.instance.arrayNode(array.size());
                array.forEach(e -> copy.add(clean(e)));
                yield copy;
            }
            case JsonNode value when value.isTextual() -> JsonNodeFactory.instance.textNode(text(value.textValue()));
            default -> node;
        };
    }

    public static String text(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isRefused(text, i)) {
                return replaced(text);
            }
        }
        return text;
    }

    private static String replaced(String text) {
        var out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            out.append(isRefused(text, i) ? REPLACEMENT : text.charAt(i));
        }
        return out.toString();
    }

    private static boolean isRefused(String text, int at) {
        char c = text.charAt(at);
        if (c == 0) {
            return true;
        }
        if (Character.isHighSurrogate(c)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }
}
