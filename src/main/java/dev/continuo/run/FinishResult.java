package dev.continuo.run;

import dev.continuo.log.Terminal;
import java.util.Optional;
import java.util.UUID;

/** Whether the run has its terminal from this owner. */
public sealed interface FinishResult {
    /**
     * It has.
     *
     * @param promoted may be claimed now
     * @param othersReady whether other runs of the organisation wait for a node: perhaps for this one's place under
     *     the organisation's limit
     */
    record Finished(Terminal terminal, UUID thread, UUID org, Optional<UUID> promoted, boolean othersReady)
            implements FinishResult {}

    record Lost() implements FinishResult {}
}
