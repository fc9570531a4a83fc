package dev.continuo.usage;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import dev.continuo.sql.SqlArray;
import dev.continuo.thread.Page;
import dev.continuo.thread.TimeCursor;
import dev.continuo.thread.Viewer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        return ofThreads(List.of(thread)).getOrDefault(thread, List.of());
    }

    /** Of one run, as {@link #ofThread}. */
    public List<UsageRow> ofRun(UUID run) {
        return jdbi.withHandle(
                h -> h.createQuery("""
                        select day, model, agent, 'answer' as kind, sum(runs) as runs, sum(calls) as calls,
                          sum(untold) as untold, sum(input) as input, sum(output) as output,
                          sum(reasoning) as reasoning, sum(cached) as cached
                        from usage_of_runs where run_id = :run
                        group by day, model, agent order by day, model, agent""").bind("run", run).map((rs, _) -> row(rs)).list());
    }

    /**
     * Threads that the viewer may see, archived ones too, last changed first, with what each has used. What this reads grows
     * with the threads that it shows, not with those that there are.
     */
    public Page<ThreadUsage> byThread(Viewer viewer, Optional<TimeCursor> after, int limit) {
        var threads = jdbi.withHandle(h -> TimeCursor.bind(h.createQuery("""
                        select thread_id, coalesce(client_id, cast(thread_id as text)) as shown, title, creator, changed_at
                        from threads
                        where org_id = :org and (:all or creator = :subject)
                          and (cast(:at as timestamptz) is null or (changed_at, thread_id) < (:at, cast(:after as uuid)))
                        order by changed_at desc, thread_id desc limit :limit + 1"""), after)
                .bindMethods(viewer)
                .bind("limit", limit)
                .map((rs, _) -> ThreadUsage.of(rs))
                .list());
        var page = Page.of(threads, limit, t -> new TimeCursor(t.changedAt(), t.thread()).toString());
        var used = ofThreads(page.items().stream().map(ThreadUsage::thread).toList());
        return new Page<>(
                page.items().stream()
                        .map(t -> t.with(used.getOrDefault(t.thread(), List.of())))
                        .toList(),
                page.next());
    }

    private Map<UUID, List<UsageRow>> ofThreads(List<UUID> threads) {
        return jdbi.withHandle(h -> h.createQuery("""
                        select thread_id, day, model, agent, 'answer' as kind, sum(runs) as runs, sum(calls) as calls,
                          sum(untold) as untold, sum(input) as input, sum(output) as output,
                          sum(reasoning) as reasoning, sum(cached) as cached
                        from usage_of_runs where thread_id = any(:threads)
                        group by thread_id, day, model, agent order by thread_id, day, model, agent""")
                .bind("threads", SqlArray.uuids(threads))
                .map((rs, _) -> Map.entry(rs.getObject("thread_id", UUID.class), row(rs)))
                .collect(groupingBy(Map.Entry::getKey, mapping(Map.Entry::getValue, toList()))));
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
