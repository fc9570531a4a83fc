package dev.continuo.model;

/** A file that a user's message shows. */
public sealed interface Attachment {
    /** @param base64 its bytes */
    record Image(String mediaType, String base64) implements Attachment {}

    record Pdf(String name, String base64) implements Attachment {}

    record Text(String name, String mediaType, String text) implements Attachment {}

    /** One that was shown before, and for which there is no room any more. */
    record Left(String name, String mediaType) implements Attachment {}
}
