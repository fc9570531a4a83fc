package dev.continuo.run;

import java.util.Objects;
import java.util.Optional;

/**
 * How a run ended for its owner. What is stored may differ: with a cancel pending it is always a cancellation.
 *
 * @param finishReason a word of the AI SDK: {@code stop, length, content-filter, tool-calls, error, other}
 * @param errorCode a stable word for programs; the text is for people and shown to them
 * @param usageJson a JSON object
 */
public record Outcome(
        RunState state,
        String finishReason,
        Optional<String> errorCode,
        Optional<String> errorText,
        Optional<String> usageJson) {
    public Outcome {
        Objects.requireNonNull(finishReason);
        if (!state.isTerminal()) {
            throw new IllegalArgumentException("a run does not end as " + state);
        }
        if ((state == RunState.FAILED) != errorCode.isPresent()) {
            throw new IllegalArgumentException("exactly a failed run has an error code: " + state + ", " + errorCode);
        }
    }

    public static Outcome completed(String finishReason, Optional<String> usageJson) {
        return new Outcome(RunState.COMPLETED, finishReason, Optional.empty(), Optional.empty(), usageJson);
    }

    public static Outcome failed(String errorCode, String errorText, Optional<String> usageJson) {
        return new Outcome(RunState.FAILED, "error", Optional.of(errorCode), Optional.of(errorText), usageJson);
    }

    public static Outcome cancelled(Optional<String> usageJson) {
        return new Outcome(RunState.CANCELLED, "other", Optional.empty(), Optional.empty(), usageJson);
    }
}
