package dev.continuo.execution;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.continuo.log.Chunk;
import dev.continuo.log.Chunks;
import dev.continuo.log.Sanitize;
import dev.continuo.model.ModelEvent;
import dev.continuo.model.ModelResult;
import java.util.Optional;
import java.util.UUID;

/**
 * Turns what a model says into chunks of one step: opens and closes parts, cleans text, and counts the output. Nothing
 * is written before the model's first word, so that a provider that refuses leaves no trace in the log.
 */
final class ChunkWriter {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Where chunks go. */
    interface Sink {
        void append(Chunk chunk) throws InterruptedException;
    }

    private enum Part {
        NONE,
        TEXT,
        REASONING
    }

    private final UUID answerId;
    private final int mostBytes;
    private final Sink sink;
    private Sanitize.Stream clean = new Sanitize.Stream();
    private Optional<String> response = Optional.empty();
    private Part part = Part.NONE;
    private int parts;
    private long bytes;
    private boolean started;

    ChunkWriter(UUID answerId, int mostBytes, Sink sink) {
        this.answerId = answerId;
        this.mostBytes = mostBytes;
        this.sink = sink;
    }

    boolean started() {
        return started;
    }

    /** @throws TooMuch where the run's output limit is passed */
    void write(ModelEvent event) throws InterruptedException {
        switch (event) {
            case ModelEvent.Response(String id) -> response = Optional.of(id);
            case ModelEvent.TextDelta(String text) -> delta(Part.TEXT, text);
            case ModelEvent.ReasoningDelta(String text) -> delta(Part.REASONING, text);
            case ModelEvent.ToolCall call -> toolCall(call);
        }
    }

    /** The step is complete: its last record says how it ended. */
    void finish(ModelResult result) throws InterruptedException {
        start();
        endPart();
        sink.append(Chunks.finishStep()
                .withMeta(Chunks.finalMeta(result.reason().chunkName(), Usages.json(result.usage()))));
    }

    private void start() throws InterruptedException {
        if (!started) {
            started = true;
            var start = Chunks.start(answerId);
            sink.append(response.map(Chunks::responseMeta).map(start::withMeta).orElse(start));
            sink.append(Chunks.startStep());
        }
    }

    private void delta(Part wanted, String text) throws InterruptedException {
        start();
        if (text.isEmpty()) {
            return;
        }
        if (part != wanted) {
            endPart();
            part = wanted;
            parts++;
            sink.append(wanted == Part.TEXT ? Chunks.textStart(id()) : Chunks.reasoningStart(id()));
        }
        count(text.length());
        append(clean.next(text));
    }

    private void append(String text) throws InterruptedException {
        if (!text.isEmpty()) {
            sink.append(part == Part.TEXT ? Chunks.textDelta(id(), text) : Chunks.reasoningDelta(id(), text));
        }
    }

    private void endPart() throws InterruptedException {
        if (part != Part.NONE) {
            append(clean.end());
            sink.append(part == Part.TEXT ? Chunks.textEnd(id()) : Chunks.reasoningEnd(id()));
            clean = new Sanitize.Stream();
            part = Part.NONE;
        }
    }

    /** No agent has tools yet, so every call is of a tool that does not exist; the log says so honestly. */
    private void toolCall(ModelEvent.ToolCall call) throws InterruptedException {
        start();
        endPart();
        count(call.arguments().length());
        var callId = Sanitize.text(call.callId());
        var name = Sanitize.text(call.name());
        sink.append(Chunks.toolInputStart(callId, name));
        sink.append(Chunks.toolInputAvailable(callId, name, arguments(call.arguments())));
        sink.append(Chunks.toolOutputError(callId, "There is no tool named " + name + "."));
    }

    private static JsonNode arguments(String text) {
        try {
            return Sanitize.json(MAPPER.readTree(text));
        } catch (JsonProcessingException e) {
            return JsonNodeFactory.instance.textNode(Sanitize.text(text));
        }
    }

    private void count(int chars) {
        bytes += chars;
        if (bytes > mostBytes) {
            throw new TooMuch();
        }
    }

    private String id() {
        return (part == Part.TEXT ? "t" : "r") + parts;
    }

    /** The output limit of a run. */
    static final class TooMuch extends RuntimeException {
        TooMuch() {
            super("the output limit of a run is passed", null, false, false);
        }
    }
}
