package dev.continuo.api;

import dev.continuo.thread.ThreadRow;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A thread as JSON; its id is the client's where it brought one. */
@Schema(name = "Thread")
public record ThreadView(
        String id,
        Optional<String> title,
        Optional<String> agent,

        @Schema(description = "The state of the run that has the seat, else of the last one")
        Optional<String> state,

        @Schema(description = "The run that has the seat") Optional<UUID> runId,
        boolean archived,
        Instant createdAt,
        Instant changedAt,

        @Schema(description = "What its answers used; left out in lists")
        Optional<UsageView> usage) {
    static ThreadView of(ThreadRow row) {
        return of(row, Optional.empty());
    }

    static ThreadView of(ThreadRow row, Optional<UsageView> usage) {
        return new ThreadView(
                row.shownId(),
                row.title(),
                row.agent(),
                row.state(),
                row.currentRun(),
                row.archivedAt().isPresent(),
                row.createdAt(),
                row.changedAt(),
                usage);
    }
}
