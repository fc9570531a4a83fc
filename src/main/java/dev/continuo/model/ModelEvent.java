package dev.continuo.model;

/** What a model says while it works. Strings are as the provider sent them: the log sanitises them. */
public sealed interface ModelEvent {
    record TextDelta(String text) implements ModelEvent {}

    record ReasoningDelta(String text) implements ModelEvent {}

    /** The complete call; {@code arguments} is JSON text as the provider sent it. */
    record ToolCall(String callId, String name, String arguments) implements ModelEvent {}
}
