package dev.continuo.soak;

/** One POST of a message: when and where it was sent and what came back. Times are milliseconds of the wall clock. */
record Post(String thread, String key, String text, String node, long sent, long answered, Answer answer) {
    sealed interface Answer {
        record Accepted(String run, String message, String answer) implements Answer {}

        /** The key was used for another body. */
        record Conflict() implements Answer {}

        /** It was said that nothing happened, or nothing can have happened. */
        record Refused(int status) implements Answer {}

        /** It may have happened. */
        record Unknown(String why) implements Answer {}
    }
}
