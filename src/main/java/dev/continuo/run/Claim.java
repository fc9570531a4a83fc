package dev.continuo.run;

import java.time.Duration;
import java.util.UUID;

/**
 * The right to write a run, as its claim returned it.
 *
 * @param attempt this one included; deaths and failed calls of the present step
 * @param tries how often it was put back to wait for its provider
 * @param waited from the moment it could be claimed, by the database's clock
 * @param trying since its provider was busy for the first time in the present step, by the same
 * @param opened whether some epoch of the run was opened before: then there may be something to adopt
 */
public record Claim(
        UUID run,
        UUID thread,
        UUID org,
        long turn,
        long epoch,
        UUID claimId,
        int attempt,
        int tries,
        Duration waited,
        Duration trying,
        int committedIdx,
        UUID answerId,
        boolean cancelRequested,
        RunOptions options,
        boolean opened) {
    public Fence fence() {
        return new Fence(run, epoch, claimId);
    }
}
