package dev.continuo.log;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/**
 * Makes text storable once, where bytes of providers, tools and users enter: NUL and lone surrogates become U+FFFD.
 * PostgreSQL refuses the first in {@code jsonb}, and the second has no UTF-8.
 */
public final class Sanitize {
    private static final char REPLACEMENT = '\uFFFD';

    private Sanitize() {}

    public static String text(String raw) {
        int bad = firstBad(raw);
        if (bad < 0) {
            return raw;
        }
        var clean = new StringBuilder(raw.length()).append(raw, 0, bad);
        for (int i = bad; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (isPair(raw, i)) {
                clean.append(c).append(raw.charAt(++i));
            } else {
                clean.append(c == 0 || Character.isSurrogate(c) ? REPLACEMENT : c);
            }
        }
        return clean.toString();
    }

    /** A copy of which every string and every field name is clean. */
    public static JsonNode json(JsonNode raw) {
        if (raw.isTextual()) {
            return JsonNodeFactory.instance.textNode(text(raw.textValue()));
        }
        if (raw.isArray()) {
            var copy = JsonNodeFactory.instance.arrayNode(raw.size());
            raw.forEach(element -> copy.add(json(element)));
            return copy;
        }
        if (raw.isObject()) {
            var copy = JsonNodeFactory.instance.objectNode();
            raw.properties().forEach(field -> copy.set(text(field.getKey()), json(field.getValue())));
            return copy;
        }
        return raw;
    }

    /** Cleans a text that comes in pieces; a piece never ends between the two halves of one character. */
    public static final class Stream {
        private String held = "";

        /** The clean piece; empty where everything has to wait for the next one. */
        public String next(String piece) {
            String all = held + piece;
            held = "";
            if (!all.isEmpty() && Character.isHighSurrogate(all.charAt(all.length() - 1))) {
                held = all.substring(all.length() - 1);
                all = all.substring(0, all.length() - 1);
            }
            return text(all);
        }

        /** What still waited when the text ended. */
        public String end() {
            var rest = text(held);
            held = "";
            return rest;
        }
    }

    private static int firstBad(String s) {
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (isPair(s, i)) {
                i++;
            } else if (c == 0 || Character.isSurrogate(c)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isPair(String s, int i) {
        return Character.isHighSurrogate(s.charAt(i))
                && i + 1 < s.length()
                && Character.isLowSurrogate(s.charAt(i + 1));
    }
}
