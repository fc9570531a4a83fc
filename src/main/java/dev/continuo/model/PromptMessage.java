package dev.continuo.model;

import java.util.List;
import java.util.Objects;

/**
 * One message, or one step of an assistant's: what it said, then what it called. Every call has its result, because
 * providers refuse one without.
 *
 * @param attachments what a user shows, before the text
 * @param thoughts what the step thought before it said its text, as its own provider wants it back; adapters of others
 *     leave it out
 * @param partial an answer that was cut short; adapters mark it, so that the model does not take it for complete
 */
public record PromptMessage(
        Role role,
        String text,
        boolean partial,
        List<ToolUse> uses,
        List<Thought> thoughts,
        List<Attachment> attachments) {
    public PromptMessage {
        Objects.requireNonNull(text);
        uses = List.copyOf(uses);
        thoughts = List.copyOf(thoughts);
        attachments = List.copyOf(attachments);
        if (!(uses.isEmpty() && thoughts.isEmpty()) && role != Role.ASSISTANT) {
            throw new IllegalArgumentException("only an assistant thinks and calls tools, not " + role);
        }
        if (!attachments.isEmpty() && role != Role.USER) {
            throw new IllegalArgumentException("only a user attaches files, not " + role);
        }
    }

    public PromptMessage(Role role, String text, boolean partial) {
        this(role, text, partial, List.of());
    }

    public PromptMessage(Role role, String text, boolean partial, List<ToolUse> uses) {
        this(role, text, partial, uses, List.of());
    }

    public PromptMessage(Role role, String text, boolean partial, List<ToolUse> uses, List<Thought> thoughts) {
        this(role, text, partial, uses, thoughts, List.of());
    }

    /** A user's, with files. */
    public static PromptMessage showing(List<Attachment> attachments, String text) {
        return new PromptMessage(Role.USER, text, false, List.of(), List.of(), attachments);
    }

    /** Whether there is nothing that could be sent. */
    public boolean isEmpty() {
        return text.isBlank() && uses.isEmpty() && thoughts.isEmpty() && attachments.isEmpty();
    }

    /** Who speaks. */
    public enum Role {
        SYSTEM,
        USER,
        ASSISTANT
    }

    /** @param text as it was said; empty of a thought that is not shown, and of calls */
    public record Thought(String text, Signature signature) {
        public Thought {
            Objects.requireNonNull(text);
            Objects.requireNonNull(signature);
        }
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
