package dev.continuo.soak;

import dev.continuo.testkit.SseClient;
import dev.continuo.testkit.SseEvent;
import java.util.List;

/**
 * Everything one watcher was sent, over all its connections.
 *
 * @param number which watcher
 * @param org the letter of its organisation
 * @param thread the client's id of the thread it looks at, or of its run's thread
 */
record Watched(int number, Kind kind, String org, String thread, List<Connection> connections) {
    Watched {
        connections = List.copyOf(connections);
    }

    /** The raw frames are many, and of no use once they are folded. */
    Watched withoutFrames() {
        return new Watched(number, kind, org, thread, List.of());
    }

    enum Kind {
        /** Native frames of a thread, live. */
        THREAD,
        /** Native frames of one run, live or committed. */
        RUN,
        COMMITTED,
        /** Chunks as an AI SDK client reads them, which replays everything when it resumes. */
        CHAT,
        /** The same by the thread's id. */
        CHAT_OF_THREAD,
        /** Chunks by number: resumes with startIndex. */
        COUNTING
    }

    /**
     * One stream from its request to its end.
     *
     * @param run whose chunks these are, where the stream is of one run
     * @param cursor what was sent as the last event id; for {@link Kind#COUNTING} the start index
     * @param guessed whether the cursor was made up and not received
     * @param opened milliseconds of the wall clock
     * @param status 0 where there was no answer
     */
    record Connection(
            String node,
            String run,
            String cursor,
            boolean guessed,
            long opened,
            int status,
            List<SseEvent> events,
            SseClient.Ending ending) {
        Connection {
            events = List.copyOf(events);
        }
    }
}
