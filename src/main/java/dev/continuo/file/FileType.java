package dev.continuo.file;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What is taken. Images and PDFs are known by how their bytes begin; a text is what is UTF-8 without control characters,
 * and of texts alone the sender may say of which kind they are. A script or a page is a text among others, and never
 * comes back as more than that.
 */
public enum FileType {
    PNG("image/png", Shape.IMAGE),
    JPEG("image/jpeg", Shape.IMAGE),
    GIF("image/gif", Shape.IMAGE),
    WEBP("image/webp", Shape.IMAGE),
    PDF("application/pdf", Shape.PDF),
    PLAIN("text/plain", Shape.TEXT),
    MARKDOWN("text/markdown", Shape.TEXT),
    CSV("text/csv", Shape.TEXT),
    JSON("application/json", Shape.TEXT);

    /** How a model is shown it. */
    public enum Shape {
        IMAGE,
        PDF,
        TEXT
    }

    private final String media;
    private final Shape shape;

    FileType(String media, Shape shape) {
        this.media = media;
        this.shape = shape;
    }

    public String media() {
        return media;
    }

    public Shape shape() {
        return shape;
    }

    /** As {@link #media} wrote it. */
    public static FileType stored(String media) {
        return named(media).orElseThrow(() -> new IllegalStateException("a file of the type " + media));
    }

    /**
     * Empty where nobody here takes it: neither known nor text, or a text that claims to be a picture or a PDF.
     *
     * @param declared what its sender calls it, with parameters or without; perhaps empty
     */
    static Optional<FileType> of(byte[] content, String declared) {
        var known = magic(content);
        if (known.isPresent()) {
            return known;
        }
        var claimed = declared.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        boolean claimsMore = claimed.startsWith("image/") && !claimed.equals("image/svg+xml")
                || claimed.startsWith("audio/")
                || claimed.startsWith("video/")
                || claimed.equals("application/pdf");
        if (claimsMore || !isText(content)) {
            return Optional.empty();
        }
        return named(claimed).filter(t -> t.shape == Shape.TEXT).or(() -> Optional.of(PLAIN));
    }

    private static Optional<FileType> named(String media) {
        return Arrays.stream(values()).filter(t -> t.media.equals(media)).findFirst();
    }

    private static Optional<FileType> magic(byte[] b) {
        if (begins(b, 0, "\u0089PNG\r\n\u001a\n")) {
            return Optional.of(PNG);
        }
        if (begins(b, 0, "\u00ff\u00d8\u00ff")) {
            return Optional.of(JPEG);
        }
        if (begins(b, 0, "GIF87a") || begins(b, 0, "GIF89a")) {
            return Optional.of(GIF);
        }
        if (begins(b, 0, "RIFF") && begins(b, 8, "WEBP")) {
            return Optional.of(WEBP);
        }
        return begins(b, 0, "%PDF-") ? Optional.of(PDF) : Optional.empty();
    }

    private static boolean begins(byte[] content, int at, String magic) {
        byte[] wanted = magic.getBytes(StandardCharsets.ISO_8859_1);
        return content.length >= at + wanted.length
                && Arrays.equals(content, at, at + wanted.length, wanted, 0, wanted.length);
    }

    private static boolean isText(byte[] content) {
        for (byte b : content) {
            if (b >= 0 && b < 0x20 && b != '\t' && b != '\n' && b != '\r' && b != '\f') {
                return false;
            }
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
