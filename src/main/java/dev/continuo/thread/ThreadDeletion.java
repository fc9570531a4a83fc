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
