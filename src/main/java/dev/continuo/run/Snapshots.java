package dev.continuo.run;

import dev.continuo.log.EpochBase;
import dev.continuo.log.RunSnapshot;
import dev.continuo.log.Segment;
import dev.continuo.log.Terminal;
import dev.continuo.sql.SqlArray;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Reads all that PostgreSQL knows of a run in one statement, hence in one snapshot of the database. */
@Singleton
public class Snapshots {
    /** With {@code offset 0} each run is looked up by itself: several could be joined, by reading all there are. */
    private static final String READ = """
            with run as materialized (
              select r.*, %s as bases, asked.nth, asked.above,
                exists (select 1 from run_segments k where k.run_id = r.run_id) as kept,
                (select m.message_id from messages m where m.run_id = r.run_id and m.ord = 1) as stored_answer
              from %s asked cross join lateral (select * from runs where run_id = asked.run offset 0) r)
            select run.*, s.first_idx, s.last_idx, s.epoch as segment_epoch, s.js_seq, s.payload
            from run left join lateral (
              select * from run_segments where run_id = run.run_id and last_idx > run.above offset 0) s on true
            order by run.nth, s.first_idx""";

    private static final String ONE = READ.formatted(
            EpochRows.JSON_ARRAY, "(select cast(:run as uuid) as run, cast(:above as int) as above, 1 as nth)");
    private static final String MANY = READ.formatted(
            EpochRows.JSON_ARRAY, "(select * from unnest(:runs, :aboves) with ordinality as a(run, above, nth))");

    private final Jdbi jdbi;

    @Inject
    public Snapshots(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** A run, and the last of its records that the asker has. */
    public record Above(UUID run, int idx) {}

    /** With the segments that end above {@code aboveIdx}; empty where there is no such run. */
    public Optional<RunSnapshot> read(UUID run, int aboveIdx) {
        return jdbi.withHandle(
                h -> h.createQuery(ONE).bind("run", run).bind("above", aboveIdx).scanResultSet((rows, _) -> {
                    try (ResultSet rs = rows.get()) {
                        return rs.next() ? Optional.of(snapshot(rs)) : Optional.empty();
                    }
                }));
    }

    /** As {@link #read(UUID, int)}, with an entry for each that was asked for. */
    public Map<Above, Optional<RunSnapshot>> read(Collection<Above> asked) {
        var inOrder = List.copyOf(asked);
        return jdbi.withHandle(h -> h.createQuery(MANY)
                .bind("runs", SqlArray.uuids(inOrder.stream().map(Above::run).toList()))
                .bind("aboves", SqlArray.ints(inOrder.stream().map(Above::idx).toList()))
                .scanResultSet((rows, _) -> {
                    try (ResultSet rs = rows.get()) {
                        return snapshots(rs, inOrder);
                    }
                }));
    }

    private static Map<Above, Optional<RunSnapshot>> snapshots(ResultSet rs, List<Above> asked) throws SQLException {
        var found = new HashMap<Above, Optional<RunSnapshot>>();
        asked.forEach(a -> found.put(a, Optional.empty()));
        boolean more = rs.next();
        while (more) {
            var of = asked.get(rs.getInt("nth") - 1);
            found.put(of, Optional.of(snapshot(rs)));
            more = !rs.isAfterLast();
        }
        return found;
    }

    /** All records that are committed. */
    public Written written(UUID run) {
        return jdbi.withHandle(h -> new Written(SegmentRows.records(SegmentRows.all(h, run)), took(h, run)));
    }

    private static Duration took(Handle h, UUID run) {
        return h.createQuery("""
                        select extract(epoch from s.at - a.at) * 1000 from run_segments s
                        join run_attempts a on a.run_id = s.run_id and a.epoch <= s.epoch
                        where s.run_id = :run order by s.first_idx desc, a.epoch desc, a.step desc limit 1""")
                .bind("run", run)
                .mapTo(long.class)
                .findOne()
                .map(Duration::ofMillis)
                .orElse(Duration.ZERO);
    }

    /** From this row and those that follow it with the same {@code nth}; ends at the first row that has another. */
    private static RunSnapshot snapshot(ResultSet rs) throws SQLException {
        int nth = rs.getInt("nth");
        List<EpochBase> bases = EpochRows.read(rs.getString("bases"));
        RunState state = RunState.valueOf(rs.getString("state"));
        int committed = rs.getInt("committed_idx");
        UUID run = rs.getObject("run_id", UUID.class);
        UUID thread = rs.getObject("thread_id", UUID.class);
        Optional<Terminal> terminal = state.isTerminal() ? Optional.of(terminal(rs, state)) : Optional.empty();
        boolean kept = terminal.isEmpty() || committed == 0 || rs.getBoolean("kept");
        var segments = new ArrayList<Segment>();
        do {
            segment(rs).ifPresent(segments::add);
        } while (rs.next() && rs.getInt("nth") == nth);
        return new RunSnapshot(
                run,
                thread,
                state == RunState.WAITING || state == RunState.READY,
                bases.isEmpty() ? 0 : bases.getLast().epoch(),
                bases.isEmpty() ? Optional.empty() : bases.getLast().claim(),
                committed,
                bases,
                segments,
                terminal,
                kept,
                state == RunState.PAUSED);
    }

    /** From a row of {@code runs} with {@code message_id} and {@code stored_answer}. */
    static Terminal terminal(ResultSet rs, RunState state) throws SQLException {
        return new Terminal(
                state.name().toLowerCase(Locale.ROOT),
                rs.getLong("epoch"),
                rs.getInt("committed_idx"),
                Optional.ofNullable(rs.getString("text_sha256")),
                Optional.ofNullable(rs.getString("usage")),
                rs.getObject("message_id", UUID.class),
                Optional.ofNullable(rs.getObject("stored_answer", UUID.class)),
                Optional.ofNullable(rs.getString("error_code")));
    }

    private static Optional<Segment> segment(ResultSet rs) throws SQLException {
        int first = rs.getInt("first_idx");
        if (rs.wasNull()) {
            return Optional.empty();
        }
        long jsSeq = rs.getLong("js_seq");
        OptionalLong seq = rs.wasNull() ? OptionalLong.empty() : OptionalLong.of(jsSeq);
        return Optional.of(
                new Segment(first, rs.getInt("last_idx"), rs.getLong("segment_epoch"), seq, rs.getBytes("payload")));
    }
}
