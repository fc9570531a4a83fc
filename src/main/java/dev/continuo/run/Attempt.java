package dev.continuo.run;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;

/**
 * One provider call.
 *
 * @param epoch under which it began; where its text differs from the log, the run goes on under a higher one
 * @param step of its run, 1..
 * @param number the attempt of its step; a call that a hand-over or a busy provider ended has the number of the next one
 * @param model that was asked, by its provider's name for it; empty of calls of before it was written down
 * @param ending empty while it is under way
 * @param usageJson empty where nobody knows: providers tell at the end only
 */
public record Attempt(
        long epoch,
        int step,
        int number,
        String node,
        Optional<String> model,
        Instant startedAt,
        Optional<Instant> endedAt,
        Optional<Ending> ending,
        Optional<String> usageJson) {
    /** How a call ended for its run. */
    public enum Ending {
        /** Its text is the answer. */
        ANSWERED,
        FAILED,
        /** The provider asked to come back later. */
        REFUSED,
        CANCELLED,
        HANDED_OVER,
        /** Its owner died, or lost the run. */
        LOST;

        public String apiName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Attempt of(ResultSet rs) throws SQLException {
        return new Attempt(
                rs.getLong("epoch"),
                rs.getInt("step"),
                rs.getInt("attempt"),
                rs.getString("node"),
                Optional.ofNullable(rs.getString("model")),
                rs.getObject("at", OffsetDateTime.class).toInstant(),
                Optional.ofNullable(rs.getObject("ended_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant),
                Optional.ofNullable(rs.getString("outcome")).map(Ending::valueOf),
                Optional.ofNullable(rs.getString("usage")));
    }
}
