package dev.continuo.intake;

/** Where in the conversation a message belongs. */
public sealed interface Branch {
    /** Whether it only makes sense in a thread that is there. */
    default boolean needsThread() {
        return switch (this) {
            case After _, Instead _ -> true;
            case Newest _, Rewriting _ -> false;
        };
    }

    /** At the end of the active branch. */
    record Newest() implements Branch {}

    /** After this answer, or this message, wherever that is. */
    record After(String message) implements Branch {}

    /** Beside this message, as another way on from what comes before it. */
    record Instead(String message) implements Branch {}

    /** At the end; but if its key is known with other words, then it is that message with these words, as chat clients edit.
     */
    record Rewriting() implements Branch {}
}
