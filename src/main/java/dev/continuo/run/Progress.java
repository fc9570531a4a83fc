package dev.continuo.run;

import dev.continuo.sql.SqlArray;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** Where runs and threads stand, for all that a node has watchers on in one query each, once a second. */
@Singleton
public class Progress {
    private static final String THREADS = """
            select t.thread_id, t.next_turn, t.edits, seat.run_id as seat_run, seat.turn as seat_turn, seat.state as seat_state,
              last.run_id as last_run, last.turn as last_turn, last.epoch as last_epoch,
              array(select w.run_id from runs w where w.thread_id = t.thread_id and w.finished_at is null
                and w.state = 'WAITING' order by w.turn) as waiting
            from threads t
            left join lateral (
              select r.run_id, r.turn, r.state from runs r
              where r.thread_id = t.thread_id and r.state in ('READY', 'RUNNING', 'PAUSED') limit 1) seat on true
            left join lateral (
              select r.run_id, r.turn, r.epoch from runs r
              where r.thread_id = t.thread_id and r.finished_at is not null and r.epoch > 0
              order by r.turn desc limit 1) last on true
            """;

    private final Jdbi jdbi;

    @Inject
    public Progress(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** In no order; without those that do not exist. */
    public List<RunProgress> of(Collection<UUID> runs) {
        return jdbi.withHandle(h -> h.createQuery("""
                        select r.run_id, r.state, r.committed_idx, r.attempt, r.tries,
                          (select coalesce(max(e.epoch), 0) from run_epochs e where e.run_id = r.run_id) as opened_epoch,
                          (select count(*) from runs p where p.thread_id = r.thread_id and p.turn < r.turn
                             and p.finished_at is null and r.finished_at is null) as position
                        from runs r where r.run_id = any(:runs)""")
                .bind("runs", SqlArray.uuids(runs))
                .map((rs, _) -> new RunProgress(
                        rs.getObject("run_id", UUID.class),
                        RunState.valueOf(rs.getString("state")),
                        rs.getLong("opened_epoch"),
                        rs.getInt("committed_idx"),
                        rs.getInt("attempt"),
                        rs.getInt("tries"),
                        rs.getInt("position")))
                .list());
    }

    /** As {@link #ofThreads}; empty where there is no such thread. */
    public Optional<ThreadProgress> ofThread(UUID thread) {
        return jdbi.withHandle(h -> h.createQuery(THREADS + "where t.thread_id = :thread")
                .bind("thread", thread)
                .map((rs, _) -> thread(rs))
                .findOne());
    }

    /** In no order; without those that do not exist. */
    public List<ThreadProgress> ofThreads(Collection<UUID> threads) {
        return jdbi.withHandle(h -> h.createQuery(THREADS + "where t.thread_id = any(:threads)")
                .bind("threads", SqlArray.uuids(threads))
                .map((rs, _) -> thread(rs))
                .list());
    }

    private static ThreadProgress thread(ResultSet rs) throws SQLException {
        UUID seat = rs.getObject("seat_run", UUID.class);
        UUID last = rs.getObject("last_run", UUID.class);
        return new ThreadProgress(
                rs.getObject("thread_id", UUID.class),
                seat == null
                        ? Optional.empty()
                        : Optional.of(new ThreadProgress.Seat(
                                seat, rs.getLong("seat_turn"), RunState.valueOf(rs.getString("seat_state")))),
                last == null
                        ? Optional.empty()
                        : Optional.of(new ThreadProgress.Last(last, rs.getLong("last_turn"), rs.getLong("last_epoch"))),
                Arrays.stream((Object[]) rs.getArray("waiting").getArray())
                        .map(UUID.class::cast)
                        .toList(),
                rs.getLong("next_turn"),
                rs.getInt("edits"));
    }
}
