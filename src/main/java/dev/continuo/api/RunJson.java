package dev.continuo.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.run.RunView;
import dev.continuo.web.Json;
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

        @Schema(implementation = Object.class) Optional<JsonNode> usage,
        Instant createdAt,

        @Schema(description = "A queued run waits until then before it is tried again")
        Optional<Instant> retryAt,

        Optional<Instant> startedAt,
        Optional<Instant> finishedAt) {
    @Schema(name = "RunFailure")
    public record Failure(String code, Optional<String> text) {}

    @Schema(name = "Runs")
    public record Listed(List<RunJson> items, Optional<String> next) {}

    static RunJson of(RunView r, Json json) {
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
                r.usageJson().map(u -> json.read(u.getBytes(java.nio.charset.StandardCharsets.UTF_8), JsonNode.class)),
                r.createdAt(),
                r.retryAt(),
                r.startedAt(),
                r.finishedAt());
    }
}
