package dev.continuo.run;

import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** A row of {@code run_epochs}: from its commit on, the epoch exists for readers. */
record EpochInsert(UUID run, long epoch, int base, UUID claimOrNull, String nodeOrNull, String reason, Voided voided) {
    static EpochInsert of(Fence fence, int base) {
        return new EpochInsert(fence.run(), fence.epoch(), base, fence.claimId(), null, "", new Voided.Nothing());
    }

    /** A terminal written by somebody else than an owner. */
    static EpochInsert foreign(UUID run, long epoch, int base, Voided voided) {
        return new EpochInsert(run, epoch, base, null, null, "terminal", voided);
    }

    EpochInsert by(String node) {
        return new EpochInsert(run, epoch, base, claimOrNull, node, reason, voided);
    }

    EpochInsert because(String why) {
        return new EpochInsert(run, epoch, base, claimOrNull, nodeOrNull, why, voided);
    }

    EpochInsert voiding(Voided what) {
        return new EpochInsert(run, epoch, base, claimOrNull, nodeOrNull, reason, what);
    }

    void execute(Handle h) {
        h.createUpdate("""
                        insert into run_epochs (run_id, epoch, base_idx, voided_idx, voided_unknown, claim_id, node, reason)
                        values (:run, :epoch, :base, :voided, :unknown, cast(:claim as uuid), :node, :reason)""")
                .bind("run", run)
                .bind("epoch", epoch)
                .bind("base", base)
                .bind("voided", voided.idxOrNull())
                .bind("unknown", voided.isUnknown())
                .bind("claim", claimOrNull)
                .bind("node", nodeOrNull)
                .bind("reason", reason)
                .execute();
    }
}
