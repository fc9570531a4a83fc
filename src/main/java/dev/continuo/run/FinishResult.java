package dev.continuo.run;

import dev.continuo.log.Terminal;
import java.util.Optional;
import java.util.UUID;

/** Whether the run has its terminal from this owner. */
public sealed interface FinishResult {
    /** It has; {@code promoted} may be claimed now. */
    record Finished(Terminal terminal, UUID thread, UUID org, Optional<UUID> promoted) implements FinishResult {}

    record Lost() implements FinishResult {}
}
