package dev.continuo.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.continuo.web.Json;
import dev.continuo.web.Problem;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A person's answer to one question of a run. */
@Schema(name = "RunAnswer", description = "Either approved, or output.")
public record RunAnswer(
        @Schema(required = true, description = "As the run's question names it")
        String callId,

        @Schema(description = "Whether the call may be made")
        Boolean approved,

        @Schema(description = "Told to the model where the call may not be made")
        String reason,

        @Schema(implementation = Object.class, description = "What the call's output is: any JSON")
        JsonNode output) {
    private static final int LONGEST_REASON = 2_000;

    @Schema(name = "AnswerTaken")
    public record Taken(
            UUID id,

            @Schema(description = "queued: the run goes on; requires_action: it asks more")
            String state) {}

    /** The answer as it is stored. */
    ObjectNode checked(Json json) {
        if (callId == null) {
            throw Refusals.missing("callId");
        }
        if (approved == null && output == null) {
            throw Refusals.missing("approved");
        }
        if (approved != null && output != null) {
            throw Problem.of(
                            400,
                            "bad_value",
                            "A question asks for approved or for output, never for both. Send one of them.")
                    .at("output");
        }
        var answer = json.mapper().createObjectNode();
        if (approved == null) {
            return answer.set("output", output);
        }
        answer.put("approved", approved);
        if (reason != null && !reason.isBlank()) {
            answer.put("reason", Refusals.text("reason", reason, LONGEST_REASON));
        }
        return answer;
    }
}
