package dev.continuo.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * What a paused run waits for.
 *
 * @param kind what is asked: {@code approval} or {@code tool}
 */
public record Question(String callId, String kind, JsonNode question, Optional<JsonNode> answer) {
    public static Question open(String callId, String kind, JsonNode question) {
        return new Question(callId, kind, question, Optional.empty());
    }
}
