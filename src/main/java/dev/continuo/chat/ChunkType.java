package dev.continuo.chat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Set;

/** What the stream must know of a chunk before it passes it on. Every chunk of the log begins with its type. */
final class ChunkType {
    private static final byte[] OPENING = "{\"type\":\"".getBytes(US_ASCII);

    /** What versions 5, 6 and 7 of the AI SDK all know; a type that they do not know would fail the whole chat. */
    private static final Set<String> COMMON = Set.of(
            "start",
            "text-start",
            "text-delta",
            "text-end",
            "reasoning-start",
            "reasoning-delta",
            "reasoning-end",
            "tool-input-start",
            "tool-input-delta",
            "tool-input-available",
            "tool-input-error",
            "tool-output-available",
            "tool-output-error",
            "source-url",
            "source-document",
            "file",
            "start-step",
            "finish-step",
            "message-metadata",
            "abort",
            "error",
            "finish");

    /** Chunks that leave the parts of the client's message as they are. */
    private static final Set<String> WITHOUT_PART =
            Set.of("start", "start-step", "finish-step", "message-metadata", "abort", "error", "finish");

    private ChunkType() {}

    static String of(byte[] chunk) {
        if (chunk.length <= OPENING.length || !Arrays.equals(chunk, 0, OPENING.length, OPENING, 0, OPENING.length)) {
            throw new IllegalArgumentException("a chunk that does not begin with its type");
        }
        int end = OPENING.length;
        while (end < chunk.length && chunk[end] != '"') {
            end++;
        }
        return new String(chunk, OPENING.length, end - OPENING.length, US_ASCII);
    }

    static boolean isCommon(String type) {
        return COMMON.contains(type) || type.startsWith("data-");
    }

    static boolean makesPart(String type) {
        return !WITHOUT_PART.contains(type);
    }
}
