package dev.continuo.execution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.continuo.model.PromptMessage;
import dev.continuo.model.PromptMessage.Role;
import dev.continuo.model.PromptMessage.Thought;
import dev.continuo.model.PromptMessage.ToolUse;
import java.util.ArrayList;
import java.util.Iterator;
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
    private final List<Thought> thoughts = new ArrayList<>();
    private final Iterator<Signatures> signed;
    private Signatures ofStep = Signatures.NONE;
    private int said;

    private Transcript(List<Signatures> signed) {
        this.signed = signed.iterator();
    }

    /** @param partial the last step was cut short */
    static List<PromptMessage> of(Iterable<JsonNode> parts, boolean partial) {
        return of(parts, partial, List.of());
    }

    /** @param signed of each step, from the first one on, what its provider wants back */
    static List<PromptMessage> of(Iterable<JsonNode> parts, List<Signatures> signed) {
        return of(parts, false, signed);
    }

    private static List<PromptMessage> of(Iterable<JsonNode> parts, boolean partial, List<Signatures> signed) {
        var transcript = new Transcript(signed);
        for (var part : parts) {
            transcript.add(part);
        }
        transcript.endStep(partial);
        return List.copyOf(transcript.messages);
    }

    private void add(JsonNode part) {
        var type = part.path("type").asText();
        switch (type) {
            case "step-start" -> beginStep();
            case "text" -> {
                said++;
                texts.add(part.path("text").asText());
                hidden();
            }
            case "reasoning" -> {
                said++;
                ofStep.ofThought(said)
                        .ifPresent(s -> thought(new Thought(part.path("text").asText(), s)));
                hidden();
            }
            case "dynamic-tool" -> uses.add(use(part, part.path("toolName").asText()));
            default -> {
                if (type.startsWith("tool-")) {
                    uses.add(use(part, type.substring("tool-".length())));
                }
            }
        }
    }

    private void beginStep() {
        endStep(false);
        said = 0;
        ofStep = signed.hasNext() ? signed.next() : Signatures.NONE;
        hidden();
    }

    private void hidden() {
        ofStep.hiddenAfter(said).forEach(s -> thought(new Thought("", s)));
    }

    /** What was said before a thought stays before it. */
    private void thought(Thought thought) {
        if (!texts.isEmpty() || !uses.isEmpty()) {
            tell(false);
        }
        thoughts.add(thought);
    }

    private void endStep(boolean partial) {
        if (!uses.isEmpty()) {
            ofStep.ofCalls().ifPresent(s -> thoughts.add(new Thought("", s)));
        }
        tell(partial);
    }

    private void tell(boolean partial) {
        var message = new PromptMessage(Role.ASSISTANT, String.join("\n", texts), partial, uses, thoughts);
        if (!message.isEmpty()) {
            messages.add(message);
        }
        texts.clear();
        uses.clear();
        thoughts.clear();
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
