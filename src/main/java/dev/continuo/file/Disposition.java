package dev.continuo.file;

import java.nio.charset.StandardCharsets;

/** The header that says what a browser does with a file, and what it calls it (RFC 6266). */
final class Disposition {
    private static final String PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private Disposition() {}

    static String of(StoredFile file) {
        var way = file.type().shape() == FileType.Shape.IMAGE ? "inline" : "attachment";
        return way + "; filename=\"" + file.name().replaceAll("[^A-Za-z0-9._ -]", "_") + "\"; filename*=UTF-8''"
                + encoded(file.name());
    }

    private static String encoded(String name) {
        var out = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            if (b > 0 && PLAIN.indexOf(b) >= 0) {
                out.append((char) b);
            } else {
                out.append("%%%02X".formatted(b & 0xff));
            }
        }
        return out.toString();
    }
}
