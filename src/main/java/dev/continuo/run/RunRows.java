package dev.continuo.run;

import dev.continuo.log.Terminal;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Locks in their one order, threads before runs, and the promotion that every terminal ends with. */
final class RunRows {
    /**
     * The lowest WAITING run takes the seat if it is free. Under the lock of {@code :thread}, in a statement after the
     * one that took it, and after the one that freed the seat.
     */
    static final String PROMOTE = """
            update runs set state = 'READY', ready_at = clock_timestamp()
            where run_id = (select w.run_id from runs w
                            where w.thread_id = :thread and w.state = 'WAITING' order by w.turn limit 1)
              and not exists (select 1 from runs s
                              where s.thread_id = :thread and s.state in ('READY', 'RUNNING', 'PAUSED'))
            returning run_id""";

    private RunRows() {}

    /** Empty where there is no such run. */
    static Optional<UUID> lockThreadOf(Handle h, UUID run) {
        return h.createQuery("""
                        select thread_id from threads
                        where thread_id = (select thread_id from runs where run_id = :run) for update""").bind("run", run).mapTo(UUID.class).findOne();
    }

    static Optional<LockedRun> lock(Handle h, UUID run) {
        return h.createQuery("select * from runs where run_id = :run for update")
                .bind("run", run)
                .map((rs, _) -> LockedRun.of(rs))
                .findOne();
    }

    static Optional<UUID> promote(Handle h, UUID thread) {
        return h.createQuery(PROMOTE).bind("thread", thread).mapTo(UUID.class).findOne();
    }

    static Terminal terminal(Handle h, UUID run) {
        return h.createQuery("""
                        select r.*,
                          (select m.message_id from messages m where m.run_id = r.run_id and m.ord = 1) as stored_answer
                        from runs r where r.run_id = :run""")
                .bind("run", run)
                .map((rs, _) -> Snapshots.terminal(rs, RunState.valueOf(rs.getString("state"))))
                .one();
    }
}
