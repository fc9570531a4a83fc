package dev.continuo.run;

import dev.continuo.log.LogRecord;
import dev.continuo.log.RecordCodec;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The stored log of one run for people who look into it: its epochs, and its records one by one. Segments of finished runs
 * are deleted after a while, epochs stay with the run. */
@Singleton
public class RunLog {
    private final Jdbi jdbi;

    @Inject
    public RunLog(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * A row of {@code run_epochs}.
     *
     * @param base the last idx of smaller epochs that it keeps
     * @param voided the highest idx that it took back; empty where it took back nothing that anybody had seen
     */
    public record Epoch(long epoch, int base, OptionalInt voided, String reason, Optional<String> node, Instant at) {}

    /** @param at when it was stored */
    public record Entry(LogRecord record, Instant at) {}

    public List<Epoch> epochs(UUID run) {
        return jdbi.withHandle(h -> h.createQuery("select * from run_epochs where run_id = :run order by epoch")
                .bind("run", run)
                .map((rs, _) -> epoch(rs))
                .list());
    }

    /** The first {@code limit} records above {@code after}. A segment has one record at least, so as many are enough. */
    public List<Entry> records(UUID run, int after, int limit) {
        return jdbi.withHandle(h -> segments(h, run, after, limit)).stream()
                .flatMap(List::stream)
                .filter(e -> e.record().idx() > after)
                .limit(limit)
                .toList();
    }

    private static List<List<Entry>> segments(Handle h, UUID run, int after, int limit) {
        return h.createQuery("""
                        select first_idx, epoch, payload, at from run_segments
                        where run_id = :run and last_idx > :after order by first_idx limit :limit""")
                .bind("run", run)
                .bind("after", after)
                .bind("limit", limit)
                .map((rs, _) -> entries(rs))
                .list();
    }

    private static List<Entry> entries(ResultSet rs) throws SQLException {
        var at = rs.getObject("at", OffsetDateTime.class).toInstant();
        return RecordCodec.decode(rs.getBytes("payload"), rs.getInt("first_idx"), rs.getLong("epoch")).stream()
                .map(record -> new Entry(record, at))
                .toList();
    }

    private static Epoch epoch(ResultSet rs) throws SQLException {
        int voidedIdx = rs.getInt("voided_idx");
        var voided = rs.wasNull() ? OptionalInt.empty() : OptionalInt.of(voidedIdx);
        return new Epoch(
                rs.getLong("epoch"),
                rs.getInt("base_idx"),
                voided,
                rs.getString("reason"),
                Optional.ofNullable(rs.getString("node")),
                rs.getObject("at", OffsetDateTime.class).toInstant());
    }
}
