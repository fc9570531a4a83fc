package dev.continuo.attach;

import dev.continuo.log.Terminal;
import java.util.List;

/** What a {@link TailReader} has to say next. */
public sealed interface Reading {
    /** Nothing yet; the reader's signal is raised when that changes. */
    record Nothing() implements Reading {}

    /** The next records without a hole, at most about a batch. */
    record Records(List<Frame> frames) implements Reading {}

    /** Everything after {@code to} is void; the next records, if any, belong to this epoch or a later one. */
    record Rewound(int to, long epoch, String reason) implements Reading {}

    /** All records were given and PostgreSQL has the end. */
    record Ended(Terminal terminal) implements Reading {}

    /** The run is finished and its records are deleted: the stored message takes their place. */
    record Vanished(Terminal terminal) implements Reading {}

    /** The run was deleted; there is nothing more to say. */
    record Deleted() implements Reading {}
}
