package dev.continuo.run;

import dev.continuo.sql.Keys;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Chores that may be late. Each is a transaction of its own and does nothing where another node is at it. */
@ApplicationScoped
public class Janitor {
    /** Any constant of our own: two nodes at the same chore would only do it twice. */
    private static final long TURN = 0x636f6e74696e756fL;

    private final Jdbi jdbi;

    @Inject
    public Janitor(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    protected Janitor() {
        this(null);
    }

    /** Threads in which something waits and nothing has the seat: impossible, unless there is a bug. That what waits is not
     * finished goes without saying, but not for PostgreSQL, which has an index of what is not. */
    public List<UUID> stuckThreads() {
        return jdbi.withHandle(h ->
                h.createQuery("""
                        select distinct w.thread_id from runs w
                        where w.state = 'WAITING' and w.finished_at is null and w.thread_id >= :least and not exists (
                          select 1 from runs s where s.thread_id = w.thread_id and s.state in ('READY', 'RUNNING', 'PAUSED'))""").bind("least", Keys.LEAST).mapTo(UUID.class).list());
    }

    /** The run that has the seat now; empty where the thread was not stuck after all. Each one is a bug to count. */
    @Transactional
    public Optional<UUID> promoteStuck(UUID thread) {
        return jdbi.withHandle(h -> {
            h.createQuery("select thread_id from threads where thread_id = :thread for update")
                    .bind("thread", thread)
                    .mapTo(UUID.class)
                    .findOne();
            return RunRows.promote(h, thread);
        });
    }

    /** Segments of runs that ended long enough ago; later cursors get a snapshot. */
    @Transactional
    public int deleteOldSegments() {
        return alone("""
                delete from run_segments s using runs r, settings t
                where r.run_id = s.run_id and r.finished_at < clock_timestamp() - t.segments_kept""");
    }

    /** Nodes that have been gone for an hour and own nothing. */
    @Transactional
    public int deleteDeadNodes() {
        return alone("""
                delete from nodes n where n.lease_until < clock_timestamp() - interval '1 hour'
                  and not exists (select 1 from runs r
                    where r.owner = n.node_id and r.owner_boot = n.boot_id and r.state = 'RUNNING')""");
    }

    @Transactional
    public int deleteExpiredTickets() {
        return alone("delete from tickets where expires_at < clock_timestamp()");
    }

    /** Files that no message came to refer to. */
    @Transactional
    public int deleteUnsentFiles() {
        return alone("delete from files where thread_id is null and created_at < clock_timestamp() - interval '1 day'");
    }

    /** Deleted threads of which JetStream may have records that nobody adds to any more. */
    public List<UUID> duePurges() {
        return jdbi.withHandle(h -> h.createQuery(
                        "select thread_id from purges where due_at < clock_timestamp() order by due_at limit 1000")
                .mapTo(UUID.class)
                .list());
    }

    @Transactional
    public void purged(UUID thread) {
        jdbi.useHandle(h -> h.createUpdate("delete from purges where thread_id = :thread")
                .bind("thread", thread)
                .execute());
    }

    private int alone(String delete) {
        return jdbi.withHandle(h -> isAlone(h) ? h.createUpdate(delete).execute() : 0);
    }

    private static boolean isAlone(Handle h) {
        return h.createQuery("select pg_try_advisory_xact_lock(:turn)")
                .bind("turn", TURN)
                .mapTo(boolean.class)
                .one();
    }
}
