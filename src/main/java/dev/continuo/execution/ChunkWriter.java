package dev.continuo.execution;

import dev.continuo.log.Chunk;
import dev.continuo.log.Chunks;
import dev.continuo.log.Sanitize;
import dev.continuo.model.ModelEvent;
import dev.continuo.model.ModelResult;
import dev.continuo.model.Signature;
import dev.continuo.web.Limits;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Turns what a model says into chunks of one step: opens and closes parts, cleans text, and counts the output. Nothing
 * is written before the model's first word, so that a provider that refuses leaves no trace in the log.
 */
final class ChunkWriter {
    private static final Pattern USABLE_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final int LONGEST_NAME = 128;

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
    private final RunSoFar run;
    private final Limits limits;
    private final Sink sink;
    private final Set<String> callIds;
    private Sanitize.Stream clean = new Sanitize.Stream();
    private Optional<String> response = Optional.empty();
    private final Signatures signatures = new Signatures();
    private Part part = Part.NONE;
    private int parts;
    private int partsOfStep;
    private int calls;
    private long bytes;
    private long signed;
    private boolean started;

    /** @param run what comes before this step */
    ChunkWriter(UUID answerId, RunSoFar run, Limits limits, Sink sink) {
        this.answerId = answerId;
        this.run = run;
        this.limits = limits;
        this.sink = sink;
        this.callIds = new HashSet<>(run.callIds());
        this.parts = run.texts();
        this.bytes = run.saidBytes();
    }

    boolean started() {
        return started;
    }

    /** @throws TooMuch where the run's output limit is passed */
    void write(ModelEvent event) throws InterruptedException {
        switch (event) {
            case ModelEvent.Fallback _ -> {}
            case ModelEvent.Response(String id) -> response = Optional.of(id);
            case ModelEvent.TextDelta(String text) -> delta(Part.TEXT, text);
            case ModelEvent.ReasoningDelta(String text) -> delta(Part.REASONING, text);
            case ModelEvent.ToolCall call -> toolCall(call);
            case ModelEvent.Signed(Signature signature) -> signed(signature);
        }
    }

    /** The step is complete: its last record says how it ended, and whether another one follows. */
    void finish(ModelResult result) throws InterruptedException {
        start();
        endPart();
        var reason = result.reason().chunkName();
        var usage = Usages.json(result.usage());
        sink.append(Chunks.finishStep()
                .withMeta(
                        calls == 0
                                ? Chunks.finalMeta(reason, usage)
                                : Chunks.stepMeta(reason, usage, signatures.json())));
    }

    /** Whether the model waits for what comes of its calls. */
    boolean hasCalled() {
        return calls > 0;
    }

    private void start() throws InterruptedException {
        if (!started) {
            started = true;
            boolean first = run.finishedSteps() == 0;
            var opening = first ? Chunks.start(answerId) : Chunks.startStep();
            sink.append(
                    response.map(Chunks::responseMeta).map(opening::withMeta).orElse(opening));
            if (first) {
                sink.append(Chunks.startStep());
            }
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
            partsOfStep++;
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

    private void signed(Signature signature) throws InterruptedException {
        signed += signature.value().length();
        if (signed > limits.eventBytes()) {
            throw new TooMuch();
        }
        boolean unshown = signature.of() == Signature.Of.THOUGHT && part != Part.REASONING;
        endPart();
        signatures.add(
                partsOfStep,
                unshown ? new Signature(signature.by(), Signature.Of.UNSHOWN, signature.value()) : signature);
    }

    private void toolCall(ModelEvent.ToolCall call) throws InterruptedException {
        start();
        endPart();
        count(call.arguments().length());
        calls++;
        var callId = callId(call.callId());
        var name = shortened(Sanitize.text(call.name()), LONGEST_NAME);
        sink.append(Chunks.toolInputStart(callId, name));
        sink.append(
                switch (Arguments.of(call.arguments(), limits.eventBytes())) {
                    case Arguments.Valid(var input) -> Chunks.toolInputAvailable(callId, name, input);
                    case Arguments.Invalid(var input, var why) -> Chunks.toolInputError(callId, name, input, why);
                });
    }

    /** The provider's, where it can stand for this call in the whole run; some send none, or the same again. */
    private String callId(String theirs) {
        var id = USABLE_ID.matcher(theirs).matches() && !callIds.contains(theirs)
                ? theirs
                : "c%04d%04d".formatted(run.finishedSteps() + 1, calls);
        callIds.add(id);
        return id;
    }

    private static String shortened(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }

    private void count(int chars) {
        bytes += chars;
        if (bytes > limits.outputBytes()) {
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
