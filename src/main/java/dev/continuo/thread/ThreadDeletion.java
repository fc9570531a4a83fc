package dev.continuo.thread;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** Forgets a thread with everything in it; what JetStream has of it follows a minute later, when nobody can be writing there
 * any more. An owner that is still writing to one of its runs finds no row at its next
 * flush and stops. */
@ApplicationScoped
public class ThreadDeletion {
    private final Jdbi jdbi;

    @Inject
    public ThreadDeletion(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    protected ThreadDeletion() {
        this(null);
    }

    /** The runs that were unfinished, whose owners may be hurried; empty where the viewer has no such thread. */
    @Transactional
    public Optional<List<UUID>> delete(Viewer viewer, UUID thread) {
        return jdbi.withHandle(h -> {
            boolean locked = h.createQuery("""
                            select 1 from threads
                            where thread_id = :id and org_id = :org and (:all or creator = :subject) for update""")
                    .bind("id", thread)
                    .bindMethods(viewer)
                    .mapTo(int.class)
                    .findOne()
                    .isPresent();
            if (!locked) {
                return Optional.empty();
            }
            List<UUID> unfinished =
                    h.createQuery("""
                            with mine as (select run_id, finished_at from runs where thread_id = :id
                              order by run_id for update)
                            select run_id from mine where finished_at is null""").bind("id", thread).mapTo(UUID.class).list();
            h.createUpdate("delete from run_segments where run_id in (select run_id from runs where thread_id = :id)")
                    .bind("id", thread)
                    .execute();
            h.createUpdate("""
                            insert into usage_beside as b (org_id, subject, day, model, agent, kind, runs, calls, untold,
                              input, output, reasoning, cached)
                            select u.org_id, t.creator, u.day, u.model, u.agent, 'answer', sum(u.runs), sum(u.calls),
                              sum(u.untold), sum(u.input), sum(u.output), sum(u.reasoning), sum(u.cached)
                            from usage_of_runs u join threads t on t.thread_id = u.thread_id
                            where u.thread_id = :id group by u.org_id, t.creator, u.day, u.model, u.agent
                            on conflict (org_id, subject, day, model, agent, kind) do update set
                              runs = b.runs + excluded.runs, calls = b.calls + excluded.calls,
                              untold = b.untold + excluded.untold, input = b.input + excluded.input,
                              output = b.output + excluded.output, reasoning = b.reasoning + excluded.reasoning,
                              cached = b.cached + excluded.cached""").bind("id", thread).execute();
            h.createUpdate("insert into purges values (:id, clock_timestamp() + interval '1 minute')")
                    .bind("id", thread)
                    .execute();
            h.createUpdate("delete from threads where thread_id = :id")
                    .bind("id", thread)
                    .execute();
            return Optional.of(unfinished);
        });
    }
}
