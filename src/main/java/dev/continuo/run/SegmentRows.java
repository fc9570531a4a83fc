package dev.continuo.run;

import dev.continuo.log.LogRecord;
import dev.continuo.log.RecordCodec;
import dev.continuo.log.Segment;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The log of record, under the lock of its run's row. */
final class SegmentRows {
    private SegmentRows() {}

    static void insert(Handle h, UUID run, Segment segment) {
        h.createUpdate("""
                        insert into run_segments (run_id, first_idx, last_idx, epoch, js_seq, payload)
                        values (:run, :first, :last, :epoch, :jsSeq, :payload)""")
                .bind("run", run)
                .bind("first", segment.first())
                .bind("last", segment.last())
                .bind("epoch", segment.epoch())
                .bind("jsSeq", segment.jsSeq().isPresent() ? segment.jsSeq().getAsLong() : null)
                .bind("payload", segment.payload())
                .execute();
    }

    static List<Segment> all(Handle h, UUID run) {
        return h.createQuery("select * from run_segments where run_id = :run order by first_idx")
                .bind("run", run)
                .map((rs, _) -> segment(rs))
                .list();
    }

    static List<LogRecord> records(List<Segment> segments) {
        var records = new ArrayList<LogRecord>();
        segments.forEach(s -> records.addAll(RecordCodec.decode(s.payload(), s.first(), s.epoch())));
        return records;
    }

    /** Nothing above {@code base} stays. A segment that reaches across it is cut, and forgets its place in the stream,
     * whose message may hold more than is left; the place of the one before is still right. */
    static void trim(Handle h, UUID run, int base) {
        h.createUpdate("delete from run_segments where run_id = :run and first_idx > :base")
                .bind("run", run)
                .bind("base", base)
                .execute();
        h.createQuery("select * from run_segments where run_id = :run and last_idx > :base")
                .bind("run", run)
                .bind("base", base)
                .map((rs, _) -> segment(rs))
                .findOne()
                .ifPresent(cut -> h.createUpdate("""
                                update run_segments s set last_idx = :base, payload = :payload, js_seq = (
                                  select p.js_seq from run_segments p where p.run_id = :run and p.first_idx < :first
                                  order by p.first_idx desc limit 1)
                                where s.run_id = :run and s.first_idx = :first""")
                        .bind("run", run)
                        .bind("base", base)
                        .bind("first", cut.first())
                        .bind(
                                "payload",
                                RecordCodec.encode(records(List.of(cut)).subList(0, base - cut.first() + 1)))
                        .execute());
    }

    private static Segment segment(ResultSet rs) throws SQLException {
        long jsSeq = rs.getLong("js_seq");
        OptionalLong seq = rs.wasNull() ? OptionalLong.empty() : OptionalLong.of(jsSeq);
        return new Segment(
                rs.getInt("first_idx"), rs.getInt("last_idx"), rs.getLong("epoch"), seq, rs.getBytes("payload"));
    }
}
