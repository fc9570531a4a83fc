package dev.continuo.watch;

import dev.continuo.sql.SqlArray;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

@Singleton
final class RecentThreadsInPostgres implements RecentThreads {
    private final Jdbi jdbi;

    @Inject
    RecentThreadsInPostgres(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** A run's end, its answer and this row are written by one transaction: whoever reads the state can read the message. */
    @Override
    public List<ThreadStatus> of(Collection<UUID> organisations) {
        return jdbi.withHandle(h -> h.createQuery("""
                        with recent as (
                          select thread_id from runs where org_id = any(:orgs) and finished_at is null
                          union
                          (select thread_id from threads
                           where org_id = any(:orgs) and changed_at > clock_timestamp() - interval '2 minutes'
                           order by changed_at desc limit 1000))
                        select t.org_id, t.creator, coalesce(t.client_id, t.thread_id::text) as shown_id, t.title,
                          shown.run_id, case shown.state when 'WAITING' then 'queued' when 'READY' then 'queued'
                            when 'PAUSED' then 'requires_action' else coalesce(lower(shown.state), 'idle') end as state, t.edits,
                          (select count(*) from runs w where w.thread_id = t.thread_id and w.state = 'WAITING'
                             and w.finished_at is null) as waiting
                        from recent join threads t using (thread_id)
                        left join lateral (
                          select r.run_id, r.state from runs r where r.thread_id = t.thread_id
                          order by r.finished_at is null desc,
                            case when r.finished_at is null then r.turn else -r.turn end limit 1) shown on true
                        order by t.changed_at, t.thread_id""")
                .bind("orgs", SqlArray.uuids(organisations))
                .map((rs, _) -> status(rs))
                .list());
    }

    private static ThreadStatus status(ResultSet rs) throws SQLException {
        return new ThreadStatus(
                rs.getObject("org_id", UUID.class),
                rs.getString("creator"),
                rs.getString("shown_id"),
                Optional.ofNullable(rs.getString("title")),
                Optional.ofNullable(rs.getObject("run_id", UUID.class)),
                rs.getString("state"),
                rs.getInt("waiting"),
                rs.getInt("edits"));
    }
}
