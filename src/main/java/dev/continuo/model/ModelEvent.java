package dev.continuo.model;

/** What a model says while it works. Strings are as the provider sent them: the log sanitises them. */
public sealed interface ModelEvent {
    /** What the provider calls its response, where a broken one can be gone on with by that name; before anything else. */
    record Response(String id) implements ModelEvent {}

    /** The first model failed and said nothing; the tier's second one, of this name, is asked now. Before anything else. */
    record Fallback(String model) implements ModelEvent {}

    record TextDelta(String text) implements ModelEvent {}

    record ReasoningDelta(String text) implements ModelEvent {}

    /** To be kept for this provider; of reasoning it ends the part that it signs, of calls it comes after them. */
    record Signed(Signature signature) implements ModelEvent {}

    /** The complete call; {@code arguments} is JSON text as the provider sent it, and a provider may send no id. */
    record ToolCall(String callId, String name, String arguments) implements ModelEvent {}
}
