package dev.continuo.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.log.LogRecord;
import java.util.List;
import java.util.Optional;

/** What a log amounts to: the parts of a message, and the hash of its text. */
record StoredAnswer(JsonNode parts, Optional<String> sha256) {
    static StoredAnswer of(List<LogRecord> log) {
        return AnswerFold.fold(log);
    }

    /** Whether there is anything that a reader of the thread could see. */
    boolean isVisible() {
        for (JsonNode part : parts) {
            if (!part.path("type").asText().equals("step-start")) {
                return true;
            }
        }
        return false;
    }
}
