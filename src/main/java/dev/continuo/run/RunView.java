package dev.continuo.run;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;

/**
 * A run as the API shows it.
 *
 * @param threadShown the client's id of the thread where it brought one, else ours; so is {@code messageShown}
 * @param node the name of the node that has it, or had it last
 * @param position how many unfinished runs of its thread come before it
 * @param retryAt when a queued run may be claimed again at the earliest
 */
public record RunView(
        UUID id,
        UUID thread,
        String threadShown,
        UUID org,
        long turn,
        RunState state,
        Optional<String> node,
        long epoch,
        int attempt,
        int tries,
        int position,
        int committedIdx,
        UUID messageId,
        String messageShown,
        UUID answerId,
        RunOptions options,
        Optional<String> finishReason,
        Optional<String> errorCode,
        Optional<String> errorText,
        Optional<String> sha256,
        Optional<String> usageJson,
        Instant createdAt,
        Optional<Instant> retryAt,
        Optional<Instant> startedAt,
        Optional<Instant> cancelRequestedAt,
        Optional<Instant> finishedAt) {
    static RunView of(ResultSet rs) throws SQLException {
        return new RunView(
                rs.getObject("run_id", UUID.class),
                rs.getObject("thread_id", UUID.class),
                rs.getString("thread_shown"),
                rs.getObject("org_id", UUID.class),
                rs.getLong("turn"),
                RunState.valueOf(rs.getString("state")),
                text(rs, "owner"),
                rs.getLong("epoch"),
                rs.getInt("attempt"),
                rs.getInt("tries"),
                rs.getInt("position"),
                rs.getInt("committed_idx"),
                rs.getObject("message_id", UUID.class),
                rs.getString("message_shown"),
                rs.getObject("answer_id", UUID.class),
                RunOptions.of(rs),
                text(rs, "finish_reason"),
                text(rs, "error_code"),
                text(rs, "error_text"),
                text(rs, "text_sha256"),
                text(rs, "usage"),
                time(rs, "created_at").orElseThrow(),
                rs.getString("state").equals("READY") ? time(rs, "ready_at") : Optional.empty(),
                time(rs, "first_claimed_at"),
                time(rs, "cancel_requested_at"),
                time(rs, "finished_at"));
    }

    private static Optional<String> text(ResultSet rs, String column) throws SQLException {
        return Optional.ofNullable(rs.getString(column));
    }

    private static Optional<Instant> time(ResultSet rs, String column) throws SQLException {
        return Optional.ofNullable(rs.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }
}
