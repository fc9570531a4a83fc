package dev.continuo.run;

import java.util.UUID;

/** Who may write to a run: every statement of an owner carries these three, because an epoch alone is not unique
 * after an asynchronous failover. */
public record Fence(UUID run, long epoch, UUID claimId) {
    public Fence withEpoch(long next) {
        return new Fence(run, next, claimId);
    }
}
