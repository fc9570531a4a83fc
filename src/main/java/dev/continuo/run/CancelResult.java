package dev.continuo.run;

import dev.continuo.log.Terminal;
import java.util.Optional;
import java.util.UUID;

/** What a cancel met. */
public sealed interface CancelResult {
    /** The run is at work; its owner will finish it as cancelled, and may be hurried. */
    record Requested(UUID run, UUID thread, UUID org) implements CancelResult {}

    /** Nobody was at work on it, so it has ended here. */
    record Cancelled(UUID run, UUID thread, UUID org, Terminal terminal, Optional<UUID> promoted)
            implements CancelResult {}

    /** Another terminal was first. */
    record AlreadyFinished(RunState state) implements CancelResult {}

    /** No such run for this viewer. */
    record Unknown() implements CancelResult {}
}
