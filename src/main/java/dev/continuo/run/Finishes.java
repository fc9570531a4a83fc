package dev.continuo.run;

import dev.continuo.run.FinishResult.Finished;
import dev.continuo.run.FinishResult.Lost;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The owner's terminal. */
@ApplicationScoped
public class Finishes {
    private final Jdbi jdbi;
    private final Endings endings;

    @Inject
    public Finishes(Jdbi jdbi, Endings endings) {
        this.jdbi = jdbi;
        this.endings = endings;
    }

    protected Finishes() {
        this(null, null);
    }

    /** Everything the run wrote must be committed before. Safe to repeat when the outcome of a commit is unknown. */
    @Transactional
    public FinishResult finish(Fence fence, Outcome outcome) {
        return jdbi.withHandle(h -> {
            RunRows.lockThreadOf(h, fence.run());
            Optional<LockedRun> locked = RunRows.lock(h, fence.run()).filter(r -> r.isOf(fence));
            if (locked.isEmpty()) {
                return new Lost();
            }
            LockedRun run = locked.get();
            return switch (run.state()) {
                case RUNNING -> {
                    var ended = endings.byOwner(h, run, stored(run, outcome));
                    yield new Finished(ended.terminal(), run.thread(), run.org(), ended.promoted());
                }
                case COMPLETED, FAILED, CANCELLED -> finishedBefore(h, run);
                case WAITING, READY, PAUSED -> new Lost();
            };
        });
    }

    private static Outcome stored(LockedRun run, Outcome outcome) {
        return run.cancelRequested() ? Outcome.cancelled(outcome.usageJson()) : outcome;
    }

    /** The fence still fits a finished run only if this very claim finished it: others raise the epoch. */
    private static FinishResult finishedBefore(Handle h, LockedRun run) {
        return new Finished(RunRows.terminal(h, run.run()), run.thread(), run.org(), Optional.empty());
    }
}
