package dev.continuo.run;

/** Whether the run now waits for its questions. */
public sealed interface PauseResult {
    record Paused() implements PauseResult {}

    /** Still the caller's, who finishes it as cancelled. */
    record CancelRequested() implements PauseResult {}

    record Lost() implements PauseResult {}
}
