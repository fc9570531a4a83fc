package dev.continuo.log;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * A run's records as a message.
 *
 * @param parts UIMessage parts, as the AI SDK builds them from the same chunks
 * @param text all text deltas in idx order
 * @param sha256 lower hex over the UTF-8 of {@code text}; empty where there is no text
 */
public record Answer(List<JsonNode> parts, String text, Optional<String> sha256) {
    public Answer {
        parts = List.copyOf(parts);
    }

    public boolean hasText() {
        return !text.isEmpty();
    }
}
