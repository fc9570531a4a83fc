package dev.continuo.thread;

import java.util.Optional;
import java.util.UUID;

/**
 * A thread whose row this transaction has locked: until it ends, nobody else accepts, finishes or promotes in it.
 *
 * @param head the last run of its active branch
 */
public record LockedThread(
        UUID id, Optional<String> clientId, Optional<String> agent, long nextTurn, Optional<UUID> head) {
    /** Whether nobody ever said anything in it, so that there is nothing to look for. */
    public boolean isUntouched() {
        return nextTurn == 1;
    }
}
