package dev.continuo.execution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.continuo.json.Mappers;
import dev.continuo.log.LogRecord;
import dev.continuo.model.Continuation.Said;
import dev.continuo.model.ModelEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a model said, read back from the log. */
final class SoFar {
    private static final ObjectMapper MAPPER = Mappers.plain();

    private SoFar() {}

    /** Empty where nothing was said, or something that cannot be told apart from words: the call of a tool. */
    static Optional<Said> of(List<LogRecord> log) {
        var events = new ArrayList<ModelEvent>();
        for (var record : log) {
            var chunk = json(record.chunk());
            switch (chunk.path("type").asText()) {
                case "text-delta" ->
                    events.add(new ModelEvent.TextDelta(chunk.path("delta").asText()));
                case "reasoning-delta" ->
                    events.add(new ModelEvent.ReasoningDelta(chunk.path("delta").asText()));
                case "start", "start-step", "text-start", "text-end", "reasoning-start", "reasoning-end" -> {}
                default -> {
                    return Optional.empty();
                }
            }
        }
        return events.isEmpty() ? Optional.empty() : Optional.of(new Said(response(log), events));
    }

    /** A record of a later epoch may be of another call. */
    private static Optional<String> response(List<LogRecord> log) {
        var first = log.getFirst();
        return first.hasMeta() && log.getLast().epoch() == first.epoch()
                ? Optional.ofNullable(json(first.meta()).path("responseId").textValue())
                : Optional.empty();
    }

    private static JsonNode json(byte[] ours) {
        try {
            return MAPPER.readTree(ours);
        } catch (IOException e) {
            throw new UncheckedIOException("a record is our own JSON", e);
        }
    }
}
