package dev.continuo.soak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/** JSON as frames and records hold it. */
final class Chunk {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Chunk() {}

    static JsonNode json(String data) {
        try {
            return JSON.readTree(data);
        } catch (IOException e) {
            throw new UncheckedIOException("no JSON: " + data, e);
        }
    }

    /** What a chunk adds to the text. */
    static String delta(JsonNode chunk) {
        return chunk.path("type").asText().equals("text-delta")
                ? chunk.path("delta").asText()
                : "";
    }
}
