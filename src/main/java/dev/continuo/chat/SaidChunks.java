package dev.continuo.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.continuo.json.Mappers;
import dev.continuo.log.Chunks;
import dev.continuo.log.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The chunks that no log holds: what this surface itself has to say. */
final class SaidChunks {
    private static final ObjectMapper JSON = Mappers.plain();
    static final byte[] RESET_STEP = "{\"type\":\"reset-step\"}".getBytes(UTF_8);
    static final byte[] PAUSED = Chunks.finish(Optional.of("tool-calls")).json();
    static final byte[] DONE = "[DONE]".getBytes(UTF_8);

    static final String DENIED = "The call was not allowed.";
    static final String REWRITTEN =
            "The answer was rewritten while you were reading it. Reload the conversation, or resume the stream.";
    static final String MOVED = "This stream ends early, the answer goes on. Resume the stream.";
    static final String DELETED = "The conversation was deleted.";
    static final String FAILED = "The answer ended with an error. Send the message again.";

    private SaidChunks() {}

    /**
     * Takes the place of a chunk that the client does not know, so that those who count chunks agree. A call that was not
     * allowed is an error to it, or it would wait for an output.
     */
    static byte[] standIn(String type, byte[] chunk) {
        return switch (type) {
            case "tool-output-denied" ->
                Chunks.toolOutputError(field(chunk, "toolCallId"), DENIED).json();
            case "tool-approval-request" ->
                Chunks.transientData(
                                "continuo",
                                JsonNodeFactory.instance
                                        .objectNode()
                                        .put("chunk", type)
                                        .put("approvalId", field(chunk, "approvalId"))
                                        .put("toolCallId", field(chunk, "toolCallId")))
                        .json();
            default ->
                ("{\"type\":\"data-continuo\",\"data\":{\"chunk\":\"" + type + "\"},\"transient\":true}")
                        .getBytes(UTF_8);
        };
    }

    private static String field(byte[] chunk, String name) {
        try {
            return JSON.readTree(chunk).path(name).asText();
        } catch (IOException e) {
            throw new UncheckedIOException("a chunk is our own JSON", e);
        }
    }

    static byte[] error(String text) {
        return Chunks.error(text).json();
    }

    static byte[] finish() {
        return Chunks.finish(Optional.empty()).json();
    }

    static byte[] start(UUID answer) {
        return Chunks.start(answer).json();
    }

    /** The end of a run whose log does not say it, because nobody ever worked on it. */
    static List<byte[]> end(Terminal terminal) {
        var end = new ArrayList<byte[]>(2);
        switch (terminal.state()) {
            case "cancelled" -> end.add(Chunks.abort().json());
            case "failed" -> end.add(error(FAILED));
            default -> {}
        }
        end.add(finish());
        return end;
    }
}
