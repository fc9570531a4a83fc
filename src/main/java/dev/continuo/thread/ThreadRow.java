package dev.continuo.thread;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;

/**
 * A conversation as its viewer sees it.
 *
 * @param state the API's word for the state of its current run, else of its last one; empty where it has none
 * @param currentRun the run that is queued first, running or paused
 */
public record ThreadRow(
        UUID id,
        UUID org,
        String creator,
        Optional<String> clientId,
        Optional<String> title,
        Optional<String> agent,
        Optional<String> state,
        Optional<UUID> currentRun,
        Optional<Instant> archivedAt,
        Instant createdAt,
        Instant changedAt) {
    /** The client's id where it brought one. */
    public String shownId() {
        return clientId.orElseGet(id::toString);
    }

    static ThreadRow of(ResultSet rs) throws SQLException {
        return new ThreadRow(
                rs.getObject("thread_id", UUID.class),
                rs.getObject("org_id", UUID.class),
                rs.getString("creator"),
                Optional.ofNullable(rs.getString("client_id")),
                Optional.ofNullable(rs.getString("title")),
                Optional.ofNullable(rs.getString("agent")),
                Optional.ofNullable(rs.getString("state")),
                Optional.ofNullable(rs.getObject("current_run", UUID.class)),
                Optional.ofNullable(rs.getObject("archived_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant),
                rs.getObject("created_at", OffsetDateTime.class).toInstant(),
                rs.getObject("changed_at", OffsetDateTime.class).toInstant());
    }
}
