package dev.continuo.file;

import dev.continuo.thread.CleanJson;
import dev.continuo.web.Problem;
import java.util.Objects;
import java.util.UUID;

/** A file that is to be kept; what may not be is refused here. */
public record Upload(UUID id, String name, FileType type, byte[] content) {
    private static final int NAME = 200;

    public Upload {
        Objects.requireNonNull(id);
        Objects.requireNonNull(name);
        Objects.requireNonNull(type);
    }

    /** @param declared what its sender calls it; only of texts it is believed */
    public static Upload of(UUID id, String name, String declared, byte[] content, int limit) {
        if (content.length == 0) {
            throw Problem.of(400, "empty_file", "The file has no bytes. Send at least one.");
        }
        if (content.length > limit) {
            throw Problem.of(
                    413,
                    "file_too_large",
                    "The file has " + content.length + " bytes, " + limit + " are the limit. Send a smaller one.");
        }
        var type = FileType.of(content, declared)
                .orElseThrow(() -> Problem.of(
                        415,
                        "unsupported_file",
                        "By its bytes this is no PNG, JPEG, GIF, WebP, PDF or UTF-8 text, or not what it is said to be. "
                                + "Send it as one of these."));
        return new Upload(id, cleaned(name), type, content);
    }

    /** The last step of a path, without what would break a header or a line. */
    private static String cleaned(String name) {
        var last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        var plain = CleanJson.text(last).replaceAll("\\p{Cntrl}", " ").strip();
        int end = plain.offsetByCodePoints(0, Math.min(NAME, plain.codePointCount(0, plain.length())));
        return plain.isEmpty() ? "file" : plain.substring(0, end);
    }
}
