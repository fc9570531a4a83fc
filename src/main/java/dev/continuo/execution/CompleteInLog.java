package dev.continuo.execution;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.continuo.log.LogRecord;
import dev.continuo.run.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** The first rung of the ladder: a log whose last record says {@code final} needs no model, only its finish. */
final class CompleteInLog {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private CompleteInLog() {}

    static Optional<Outcome> outcome(List<LogRecord> lastRecords) {
        if (lastRecords.isEmpty() || !lastRecords.getLast().hasMeta()) {
            return Optional.empty();
        }
        try {
            var said = MAPPER.readTree(lastRecords.getLast().meta()).path("final");
            return said.isMissingNode()
                    ? Optional.empty()
                    : Optional.of(Outcome.completed(
                            said.path("finishReason").asText("other"),
                            Optional.of(said.path("usage").toString())));
        } catch (IOException e) {
            throw new UncheckedIOException("the meta of a record is our own JSON", e);
        }
    }
}
