package dev.continuo.model;

import java.util.List;
import java.util.Objects;

/**
 * One message, or one step of an assistant's: what it said, then what it called. Every call has its result, because
 * providers refuse one without.
 *
 * @param partial an answer that was cut short; adapters mark it, so that the model does not take it for complete
 */
public record PromptMessage(Role role, String text, boolean partial, List<ToolUse> uses) {
    public PromptMessage {
        Objects.requireNonNull(text);
        uses = List.copyOf(uses);
        if (!uses.isEmpty() && role != Role.ASSISTANT) {
            throw new IllegalArgumentException("only an assistant calls tools, not " + role);
        }
    }

    public PromptMessage(Role role, String text, boolean partial) {
        this(role, text, partial, List.of());
    }

    /** Whether there is nothing that could be sent. */
    public boolean isEmpty() {
        return text.isBlank() && uses.isEmpty();
    }

    /** Who speaks. */
    public enum Role {
        SYSTEM,
        USER,
        ASSISTANT
    }

    /**
     * A call and what came of it.
     *
     * @param arguments a JSON object
     * @param result what the model is told; of a call that failed or was not made, why
     */
    public record ToolUse(String callId, String name, String arguments, String result, Ending ending) {
        public ToolUse {
            Objects.requireNonNull(callId);
            Objects.requireNonNull(name);
            Objects.requireNonNull(arguments);
            Objects.requireNonNull(result);
            Objects.requireNonNull(ending);
        }

        /** Whether the tool did what it was asked. */
        public enum Ending {
            OUTPUT,
            FAILED
        }
    }
}
