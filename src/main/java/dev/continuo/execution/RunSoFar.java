package dev.continuo.execution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.continuo.json.Mappers;
import dev.continuo.log.AnswerParts;
import dev.continuo.log.LogRecord;
import dev.continuo.model.PromptMessage;
import dev.continuo.model.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How far a run has come, by its log alone, so that every node comes to the same conclusion. The log is a row of steps:
 * {@code start-step}, what the model said and called, {@code finish-step}; between a finished step and the next one
 * stands what came of its calls. Nothing before {@link #end()} is ever said or done again.
 */
final class RunSoFar {
    private static final ObjectMapper JSON = Mappers.plain();
    private static final JsonNode NO_META = JSON.createObjectNode();

    private final List<LogRecord> done = new ArrayList<>();
    private final List<LogRecord> said = new ArrayList<>();
    private final LinkedHashMap<String, LoggedCall> calledNow = new LinkedHashMap<>();
    private final LinkedHashMap<String, LoggedCall> unanswered = new LinkedHashMap<>();
    private final Set<String> callIds = new HashSet<>();
    private final Set<String> approvals = new HashSet<>();
    private final List<Signatures> signatures = new ArrayList<>();
    private int finishedSteps;
    private int texts;
    private long saidBytes;
    private Usage usage = Usage.NONE;
    private Usage lastUsage = Usage.NONE;
    private Optional<String> finalReason = Optional.empty();

    private RunSoFar() {}

    static RunSoFar of(List<LogRecord> log) {
        var run = new RunSoFar();
        for (var record : log) {
            run.add(record, read(record.chunk()));
        }
        return run;
    }

    private void add(LogRecord record, JsonNode chunk) {
        var type = chunk.path("type").asText();
        if (finishedSteps > 0 && said.isEmpty() && !type.equals("start-step")) {
            done.add(record);
            afterwards(type, chunk);
            return;
        }
        said.add(record);
        switch (type) {
            case "tool-input-available" -> {
                var call = new LoggedCall(
                        record.idx(),
                        chunk.path("toolCallId").asText(),
                        chunk.path("toolName").asText(),
                        chunk.path("input"));
                calledNow.put(call.callId(), call);
            }
            case "finish-step" -> finishStep(record);
            default -> {}
        }
    }

    private void afterwards(String type, JsonNode chunk) {
        switch (type) {
            case "tool-output-available", "tool-output-error", "tool-output-denied" ->
                unanswered.remove(chunk.path("toolCallId").asText());
            case "tool-approval-request" ->
                approvals.add(chunk.path("approvalId").asText());
            default -> {}
        }
    }

    private void finishStep(LogRecord record) {
        finishedSteps++;
        for (var r : said) {
            saidBytes += r.chunk().length;
            var chunk = read(r.chunk());
            switch (chunk.path("type").asText()) {
                case "text-start", "reasoning-start" -> texts++;
                case "tool-input-start" -> callIds.add(chunk.path("toolCallId").asText());
                default -> {}
            }
        }
        unanswered.putAll(calledNow);
        calledNow.clear();
        done.addAll(said);
        said.clear();
        meta(record.hasMeta() ? read(record.meta()) : NO_META);
    }

    private void meta(JsonNode meta) {
        var ended = meta.has("final") ? meta.path("final") : meta.path("step");
        signatures.add(Signatures.of(ended.path("signatures")));
        lastUsage = Usages.of(ended.path("usage"));
        usage = usage.plus(lastUsage);
        finalReason = meta.has("final") ? Optional.of(ended.path("finishReason").asText("other")) : Optional.empty();
    }

    /** Why the model stopped, where it has said all: then there is nothing left to do but the finish. */
    Optional<String> finalReason() {
        return finalReason;
    }

    int finishedSteps() {
        return finishedSteps;
    }

    /** The last idx of the finished steps and of what came of their calls. */
    int end() {
        return done.isEmpty() ? 0 : done.getLast().idx();
    }

    /** What the step under way has said, from its first record on; for the first step with the {@code start}. */
    List<LogRecord> said() {
        return List.copyOf(said);
    }

    /** The calls of the last finished step that nothing came of yet, in their order. */
    List<LoggedCall> unanswered() {
        return List.copyOf(unanswered.values());
    }

    /** A person was asked, in the log, under this id. */
    boolean asked(String approvalId) {
        return approvals.contains(approvalId);
    }

    /** The call ids of the finished steps. */
    Set<String> callIds() {
        return Set.copyOf(callIds);
    }

    /** How many texts the finished steps have. */
    int texts() {
        return texts;
    }

    /** What the models of the finished steps have said, without what tools answered. */
    long saidBytes() {
        return saidBytes;
    }

    /** Of all finished steps. */
    Usage usage() {
        return usage;
    }

    Usage lastUsage() {
        return lastUsage;
    }

    /** The finished steps as a model is told of them. */
    List<PromptMessage> told() {
        return Transcript.of(AnswerParts.fold(done).parts(), signatures);
    }

    private static JsonNode read(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException("a record is our own JSON", e);
        }
    }
}
