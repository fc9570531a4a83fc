package dev.continuo.run;

import dev.continuo.run.CancelResult.AlreadyFinished;
import dev.continuo.run.CancelResult.Cancelled;
import dev.continuo.run.CancelResult.Requested;
import dev.continuo.thread.Viewer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Cancels a run durably. Whoever holds its row first, this or a finish, decides its one terminal. */
@ApplicationScoped
public class Cancels {
    private final Jdbi jdbi;
    private final Endings endings;

    @Inject
    public Cancels(Jdbi jdbi, Endings endings) {
        this.jdbi = jdbi;
        this.endings = endings;
    }

    protected Cancels() {
        this(null, null);
    }

    @Transactional
    public CancelResult cancel(Viewer viewer, UUID run) {
        return jdbi.withHandle(h -> lockThread(h, viewer, run)
                .flatMap(_ -> RunRows.lock(h, run))
                .map(r -> cancel(h, r))
                .orElseGet(CancelResult.Unknown::new));
    }

    private static Optional<UUID> lockThread(Handle h, Viewer viewer, UUID run) {
        return h.createQuery("""
                        select thread_id from threads
                        where thread_id = (select thread_id from runs where run_id = :run)
                          and org_id = :org and (:all or creator = :subject) for update""")
                .bind("run", run)
                .bindMethods(viewer)
                .mapTo(UUID.class)
                .findOne();
    }

    private CancelResult cancel(Handle h, LockedRun run) {
        return switch (run.state()) {
            case RUNNING -> {
                request(h, run);
                yield new Requested(run.run(), run.thread(), run.org());
            }
            case WAITING, READY, PAUSED -> {
                request(h, run);
                var ended = endings.byOther(h, run, Outcome.cancelled(Optional.empty()));
                yield new Cancelled(run.run(), run.thread(), run.org(), ended.terminal(), ended.promoted());
            }
            case COMPLETED, FAILED, CANCELLED -> new AlreadyFinished(run.state());
        };
    }

    private static void request(Handle h, LockedRun run) {
        h.createUpdate("""
                        update runs set cancel_requested_at = coalesce(cancel_requested_at, clock_timestamp())
                        where run_id = :run and finished_at is null""").bind("run", run.run()).execute();
    }
}
