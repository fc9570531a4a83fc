package dev.continuo.usage;

import dev.continuo.thread.Viewer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** Reads what calls have used. A run belongs to the day on which it was asked for, and is counted with its last call. */
@Singleton
public class UsageRows {
    private final Jdbi jdbi;

    @Inject
    public UsageRows(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Of these days, both included, oldest first: what the viewer may see of the organisation. */
    public List<UsageRow> of(Viewer viewer, LocalDate from, LocalDate to) {
        return jdbi.withHandle(h -> h.createQuery("""
                        select day, model, agent, kind, sum(runs) as runs, sum(calls) as calls, sum(untold) as untold,
                          sum(input) as input, sum(output) as output, sum(reasoning) as reasoning, sum(cached) as cached
                        from (
                          select u.day, u.model, u.agent, 'answer' as kind, u.runs, u.calls, u.untold, u.input, u.output,
                            u.reasoning, u.cached
                          from usage_of_runs u join threads t on t.thread_id = u.thread_id
                          where u.org_id = :org and (:all or t.creator = :subject)
                            and u.created_at >= cast(:from as date) at time zone 'UTC'
                            and u.created_at < (cast(:to as date) + 1) at time zone 'UTC'
                          union all
                          select b.day, b.model, b.agent, b.kind, b.runs, b.calls, b.untold, b.input, b.output,
                            b.reasoning, b.cached
                          from usage_beside b
                          where b.org_id = :org and (:all or b.subject = :subject) and b.day between :from and :to) spent
                        group by day, model, agent, kind order by day, model, agent, kind""")
                .bindMethods(viewer)
                .bind("from", from)
                .bind("to", to)
                .map((rs, _) -> row(rs))
                .list());
    }

    /** Of one thread, as far as it is there. */
    public List<UsageRow> ofThread(UUID thread) {
        return jdbi.withHandle(h -> h.createQuery("""
                        select day, model, agent, 'answer' as kind, sum(runs) as runs, sum(calls) as calls,
                          sum(untold) as untold, sum(input) as input, sum(output) as output,
                          sum(reasoning) as reasoning, sum(cached) as cached
                        from usage_of_runs where thread_id = :thread
                        group by day, model, agent order by day, model, agent""")
                .bind("thread", thread)
                .map((rs, _) -> row(rs))
                .list());
    }

    private static UsageRow row(ResultSet rs) throws SQLException {
        return new UsageRow(
                rs.getObject("day", LocalDate.class),
                rs.getString("model"),
                rs.getString("agent"),
                UsageRow.Kind.valueOf(rs.getString("kind").toUpperCase(java.util.Locale.ROOT)),
                new Tokens(
                        rs.getLong("runs"),
                        rs.getLong("calls"),
                        rs.getLong("untold"),
                        rs.getLong("input"),
                        rs.getLong("output"),
                        rs.getLong("reasoning"),
                        rs.getLong("cached")));
    }
}
