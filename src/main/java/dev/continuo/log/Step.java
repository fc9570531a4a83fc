package dev.continuo.log;

import java.util.List;

/** What a reader's watchers must do next, in order. */
public sealed interface Step {
    /** Show these: each follows the one before without a hole. */
    record Emit(List<LogRecord> records) implements Step {
        public Emit {
            records = List.copyOf(records);
        }
    }

    /** Epoch {@code epoch} is the reader's now, and what was shown above {@code to} is void. */
    record Rewind(int to, long epoch, String reason) implements Step {}

    /**
     * Epoch {@code epoch} is the reader's now, and nothing that this reader showed is void. Only a watcher whose cursor
     * is ahead of the reader, above {@code base}, must rewind to it.
     */
    record Opened(long epoch, int base, String reason) implements Step {}

    /** Read PostgreSQL above {@link RunReader#lastIdx()}, then the bus after {@link RunReader#replayAfter()}. */
    record Resync() implements Step {}

    /** All records are shown, and this is the end. */
    record Ended(Terminal terminal) implements Step {}

    /** The run is finished and its segments are gone: the stored message stands for what is missing. */
    record Replaced(Terminal terminal) implements Step {}
}
