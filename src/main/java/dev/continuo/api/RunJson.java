package dev.continuo.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.run.Attempt;
import dev.continuo.run.Question;
import dev.continuo.run.RunState;
import dev.continuo.run.RunView;
import dev.continuo.usage.Spending;
import dev.continuo.web.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A run as JSON. */
@Schema(name = "Run")
public record RunJson(
        UUID id,
        String threadId,
        String messageId,
        UUID answerId,

        @Schema(enumeration = {"queued", "running", "requires_action", "completed", "failed", "cancelled"})
        String state,

        @Schema(description = "The node that has it, or had it last")
        Optional<String> node,

        @Schema(description = "Raised by every claim and every fork")
        long epoch,

        @Schema(description = "Deaths and failed calls so far, and this try")
        int attempt,

        @Schema(description = "How many unfinished runs of the thread come first")
        int position,

        @Schema(description = "Records that are stored") int committedIdx,
        boolean cancelRequested,
        Optional<String> finishReason,
        Optional<Failure> error,

        @Schema(description = "SHA-256 of the answer's text, lower hex")
        Optional<String> sha256,

        @Schema(
                implementation = Object.class,
                description =
                        "Tokens of the calls whose words are the answer, one for each step; what other calls cost stands in attempts")
        Optional<JsonNode> usage,

        @Schema(description = "What all its calls used, and what they cost; only where one run is read")
        Optional<UsageView> spent,

        @Schema(description = "The provider calls, in their order; only where one run is read")
        Optional<List<Attempted>> attempts,

        @Schema(description = "What a run in the state requires_action waits for; only where one run is read")
        Optional<List<Asked>> questions,

        Instant createdAt,

        @Schema(description = "A queued run waits until then before it is tried again")
        Optional<Instant> retryAt,

        Optional<Instant> startedAt,
        Optional<Instant> finishedAt) {
    @Schema(name = "RunFailure")
    public record Failure(String code, Optional<String> text) {}

    /** A provider call. */
    @Schema(name = "Attempt")
    public record Attempted(
            @Schema(description = "The step of the run that it is for, from 1 on")
            int step,

            @Schema(description = "The attempt of its step") int attempt,

            @Schema(description = "The epoch under which the call began")
            long epoch,

            String node,

            @Schema(description = "The model that was asked, by its provider's name for it")
            Optional<String> model,

            @Schema(
                    enumeration = {"running", "answered", "failed", "refused", "cancelled", "handed_over", "lost"},
                    description = "refused: the provider asked to wait; lost: its node died or lost the run")
            String outcome,

            Instant startedAt,
            Optional<Instant> endedAt,

            @Schema(implementation = Object.class, description = "Absent where nobody knows: providers tell at the end")
            Optional<JsonNode> usage,

            @Schema(description = "By continuo.prices; absent where the model has no price, or the usage is not known")
            Optional<BigDecimal> cost) {
        static Attempted of(Attempt a, Spending spending, Json json) {
            var usage = a.usageJson().map(u -> tree(u, json));
            return new Attempted(
                    a.step(),
                    a.number(),
                    a.epoch(),
                    a.node(),
                    a.model(),
                    a.ending().map(Attempt.Ending::apiName).orElse("running"),
                    a.startedAt(),
                    a.endedAt(),
                    usage,
                    usage.flatMap(u -> a.model()
                            .flatMap(model -> spending.cost(
                                    model,
                                    u.path("inputTokens").asLong(),
                                    u.path("outputTokens").asLong(),
                                    u.path("cachedInputTokens").asLong()))));
        }
    }

    /** A question without an answer. */
    @Schema(name = "Question")
    public record Asked(
            @Schema(description = "What the answer names") String callId,

            @Schema(
                    enumeration = {"approval", "tool"},
                    description = "approval: may the call be made? tool: what is its output?")
            String kind,

            String toolName,

            @Schema(implementation = Object.class, description = "The call's arguments")
            JsonNode input,

            @Schema(description = "The call was interrupted: it may have been made already")
            boolean interrupted) {
        static Asked of(Question q) {
            return new Asked(
                    q.callId(),
                    q.kind(),
                    q.question().path("toolName").asText(),
                    q.question().path("input"),
                    q.question().path("interrupted").asBoolean());
        }
    }

    @Schema(name = "Runs")
    public record Listed(List<RunJson> items, Optional<String> next) {}

    static RunJson of(RunView r, Json json) {
        return of(r, Optional.empty(), Optional.empty(), Optional.empty(), json);
    }

    static RunJson of(RunView r, List<Attempt> attempts, List<Question> questions, Spending spending, Json json) {
        return of(
                r,
                Optional.of(UsageView.of(spending.ofRun(r.id()))),
                Optional.of(attempts.stream()
                        .map(a -> Attempted.of(a, spending, json))
                        .toList()),
                Optional.of(questions.stream().map(Asked::of).toList()).filter(_ -> r.state() == RunState.PAUSED),
                json);
    }

    private static JsonNode tree(String text, Json json) {
        return json.read(text.getBytes(StandardCharsets.UTF_8), JsonNode.class);
    }

    private static RunJson of(
            RunView r,
            Optional<UsageView> spent,
            Optional<List<Attempted>> attempts,
            Optional<List<Asked>> questions,
            Json json) {
        return new RunJson(
                r.id(),
                r.threadShown(),
                r.messageShown(),
                r.answerId(),
                r.state().apiName(),
                r.node(),
                r.epoch(),
                r.attempt(),
                r.position(),
                r.committedIdx(),
                r.cancelRequestedAt().isPresent(),
                r.finishReason(),
                r.errorCode().map(code -> new Failure(code, r.errorText())),
                r.sha256(),
                r.usageJson().map(u -> tree(u, json)),
                spent,
                attempts,
                questions,
                r.createdAt(),
                r.retryAt(),
                r.startedAt(),
                r.finishedAt());
    }
}
