package dev.continuo.model;

/** @param partial an answer that was cut short; adapters mark it, so that the model does not take it for complete */
public record PromptMessage(Role role, String text, boolean partial) {
    /** Who speaks. */
    public enum Role {
        SYSTEM,
        USER,
        ASSISTANT
    }
}
