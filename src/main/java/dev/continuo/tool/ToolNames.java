package dev.continuo.tool;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Names that every provider takes: {@code server__tool}, letters, digits, _ and -, at most 64. What had to be changed, or
 * would be the name of two, ends with eight digits of a hash of both names, so that the same tools have the same names on
 * every node.
 */
final class ToolNames {
    private static final int LONGEST = 64;
    private static final int HASH = 8;

    /** A tool by its server's name and its own. */
    record Origin(String server, String tool) {}

    private ToolNames() {}

    static Map<Origin, String> of(Collection<Origin> origins) {
        var times = new HashMap<String, Integer>();
        origins.stream().distinct().forEach(o -> times.merge(safe(joined(o)), 1, Integer::sum));
        var names = new LinkedHashMap<Origin, String>();
        for (var origin : origins) {
            var plain = safe(joined(origin));
            boolean unchanged = plain.equals(joined(origin)) && plain.length() <= LONGEST;
            names.put(origin, unchanged && times.get(plain) == 1 ? plain : hashed(plain, origin));
        }
        return names;
    }

    private static String joined(Origin origin) {
        return origin.server() + "__" + origin.tool();
    }

    /** One API wants a letter or _ in front. */
    private static String safe(String name) {
        var safe = name.replaceAll("[^A-Za-z0-9_-]", "_");
        return Character.isLetter(safe.charAt(0)) || safe.charAt(0) == '_' ? safe : "_" + safe;
    }

    private static String hashed(String safe, Origin origin) {
        var head = safe.substring(0, Math.min(safe.length(), LONGEST - HASH - 1));
        return head + "_" + hash(origin.server() + "\0" + origin.tool());
    }

    private static String hash(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
