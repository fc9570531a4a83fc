package dev.continuo.run;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/** A run whose row, and whose thread's row, this transaction has locked. */
record LockedRun(
        UUID run,
        UUID thread,
        UUID org,
        long turn,
        RunState state,
        long epoch,
        UUID claimId,
        int committedIdx,
        UUID answerId,
        boolean cancelRequested) {
    static LockedRun of(ResultSet rs) throws SQLException {
        return new LockedRun(
                rs.getObject("run_id", UUID.class),
                rs.getObject("thread_id", UUID.class),
                rs.getObject("org_id", UUID.class),
                rs.getLong("turn"),
                RunState.valueOf(rs.getString("state")),
                rs.getLong("epoch"),
                rs.getObject("claim_id", UUID.class),
                rs.getInt("committed_idx"),
                rs.getObject("answer_id", UUID.class),
                rs.getTimestamp("cancel_requested_at") != null);
    }

    boolean isOf(Fence fence) {
        return epoch == fence.epoch() && fence.claimId().equals(claimId);
    }
}
