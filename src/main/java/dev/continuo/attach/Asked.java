package dev.continuo.attach;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;
import java.util.Optional;

/**
 * What a run answers.
 *
 * @param message as clients see it
 * @param after the run that it continues, or JSON's null for the beginning of the thread; empty where that is simply the one
 *     before
 */
record Asked(JsonNode message, Optional<JsonNode> after) {
    Asked {
        Objects.requireNonNull(message);
        Objects.requireNonNull(after);
    }
}
