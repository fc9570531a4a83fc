package dev.continuo.run;

import java.util.UUID;

/** What an answer to a question met. */
public sealed interface AnswerResult {
    /** It was the last one: the run may be claimed. */
    record Resumed(UUID run, UUID thread, UUID org) implements AnswerResult {}

    record MoreToAnswer() implements AnswerResult {}

    /** The same answer was given before. */
    record Repeated() implements AnswerResult {}

    /** Another answer was given before. */
    record Conflict() implements AnswerResult {}

    /** The question is of another kind. */
    record OtherKind(String kind) implements AnswerResult {}

    record NotPaused(RunState state) implements AnswerResult {}

    /** No such run or question for this viewer. */
    record Unknown() implements AnswerResult {}
}
