package dev.continuo.usage;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What one thread's answers have used.
 *
 * @param shown its id as its creator knows it
 */
public record ThreadUsage(
        UUID thread, String shown, Optional<String> title, String creator, Instant changedAt, List<UsageRow> rows) {
    static ThreadUsage of(ResultSet rs) throws SQLException {
        return new ThreadUsage(
                rs.getObject("thread_id", UUID.class),
                rs.getString("shown"),
                Optional.ofNullable(rs.getString("title")),
                rs.getString("creator"),
                rs.getObject("changed_at", OffsetDateTime.class).toInstant(),
                List.of());
    }

    ThreadUsage with(List<UsageRow> used) {
        return new ThreadUsage(thread, shown, title, creator, changedAt, List.copyOf(used));
    }
}
