package dev.continuo.execution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.continuo.model.PromptMessage;
import dev.continuo.model.PromptMessage.Role;
import dev.continuo.model.PromptMessage.ToolUse;
import java.util.ArrayList;
import java.util.List;

/**
 * An assistant's parts as a model is told of them: one message for each step, its text and then its calls with what came
 * of them. The same for a stored answer and for the finished steps of a run under way, so it does not matter which node
 * asks, or whether an answer is of this turn.
 */
final class Transcript {
    static final String NOT_MADE = "This call was not finished, and nothing is known of its result.";
    static final String DENIED = "The user did not allow this call.";

    private final List<PromptMessage> messages = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();
    private final List<ToolUse> uses = new ArrayList<>();

    private Transcript() {}

    /** @param partial the last step was cut short */
    static List<PromptMessage> of(Iterable<JsonNode> parts, boolean partial) {
        var transcript = new Transcript();
        for (var part : parts) {
            transcript.add(part);
        }
        transcript.endStep(partial);
        return List.copyOf(transcript.messages);
    }

    private void add(JsonNode part) {
        var type = part.path("type").asText();
        switch (type) {
            case "step-start" -> endStep(false);
            case "text" -> texts.add(part.path("text").asText());
            case "dynamic-tool" -> uses.add(use(part, part.path("toolName").asText()));
            default -> {
                if (type.startsWith("tool-")) {
                    uses.add(use(part, type.substring("tool-".length())));
                }
            }
        }
    }

    private void endStep(boolean partial) {
        var message = new PromptMessage(Role.ASSISTANT, String.join("\n", texts), partial, uses);
        if (!message.isEmpty()) {
            messages.add(message);
        }
        texts.clear();
        uses.clear();
    }

    private static ToolUse use(JsonNode part, String tool) {
        var id = part.path("toolCallId").asText();
        var arguments = arguments(part.path("input"));
        return switch (part.path("state").asText()) {
            case "output-available" ->
                new ToolUse(id, tool, arguments, text(part.path("output")), ToolUse.Ending.OUTPUT);
            case "output-error" ->
                new ToolUse(id, tool, arguments, part.path("errorText").asText(), ToolUse.Ending.FAILED);
            case "output-denied" ->
                new ToolUse(id, tool, arguments, denied(part.path("approval").path("reason")), ToolUse.Ending.FAILED);
            default -> new ToolUse(id, tool, arguments, NOT_MADE, ToolUse.Ending.FAILED);
        };
    }

    private static String denied(JsonNode reason) {
        return reason.asText().isBlank() ? DENIED : DENIED + " Reason: " + reason.asText();
    }

    /** Providers take objects only, also back. */
    private static String arguments(JsonNode input) {
        if (input.isObject()) {
            return input.toString();
        }
        var wrapped = JsonNodeFactory.instance.objectNode();
        return (input.isMissingNode() ? wrapped : wrapped.set("input", input)).toString();
    }

    private static String text(JsonNode output) {
        return output.isTextual() ? output.textValue() : output.toString();
    }
}
