package dev.continuo.intake;

import dev.continuo.run.RunState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What became of a message. An exception instead of one of these means: unknown, send it again with the same key. */
public sealed interface Acceptance {
    /**
     * @param threadShown the client's ids where it brought one, else ours; so is {@code messageShown}
     * @param position how many unfinished runs of the thread come before it
     * @param again whether the message was there already: the ids are those of the first time
     */
    record Accepted(
            UUID org,
            UUID thread,
            String threadShown,
            UUID message,
            String messageShown,
            UUID run,
            UUID answer,
            RunState state,
            int position,
            Again again,
            Effects effects)
            implements Acceptance {}

    enum Again {
        FIRST,
        REPEATED,
        /** It waits for its turn and says something else now. */
        REWRITTEN
    }

    /**
     * What else the message did.
     *
     * @param interrupted running runs whose owners should look at their cancel
     * @param resumed a paused run that goes on because its questions count as declined
     */
    record Effects(List<UUID> interrupted, Optional<UUID> resumed) {
        public Effects {
            interrupted = List.copyOf(interrupted);
        }

        public static Effects none() {
            return new Effects(List.of(), Optional.empty());
        }
    }

    /** The key was used for another body. */
    record Conflict(UUID message, UUID run) implements Acceptance {}

    /** The thread is answering, and the sender did not want to wait. */
    record Busy(UUID activeRun) implements Acceptance {}

    record QueueFull(Scope scope, int limit, Duration retryAfter) implements Acceptance {
        public enum Scope {
            THREAD,
            ORGANISATION
        }
    }

    /** The thread has nothing of this id that could be continued, or be said or answered another way. */
    record UnknownMessage(String id) implements Acceptance {}

    /** One of its files is not the sender's, or of another thread, or was swept. */
    record UnknownFile() implements Acceptance {}

    /** Somebody else's, or nobody's. */
    record UnknownThread() implements Acceptance {}
}
