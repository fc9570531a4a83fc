package dev.continuo.run;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/**
 * The provider calls of a run. Each stands here before it is made, so that a death leaves its trace; the step that ends
 * it, whichever it is, says how. The limit of attempts is per step: a finished step begins a new count.
 */
@ApplicationScoped
public class Attempts {
    private final Jdbi jdbi;

    @Inject
    public Attempts(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    protected Attempts() {
        this(null);
    }

    /**
     * Whether the run is still the caller's, and the call may be made. Whatever call came before is over. Does not wait
     * for the disk: a crash of the database may forget that a call was made, and nothing else. The setting says so for this
     * transaction, on the way to the row that all else is about, which saves a statement.
     *
     * @param step that the call is for, 1..
     * @param model that is asked, by its provider's name for it
     */
    @Transactional
    public boolean begin(Fence fence, int step, String model) {
        return jdbi.withHandle(h -> h.createUpdate("""
                            with mine as (
                              select run_id, epoch, attempt, owner from runs
                              where run_id = :run and epoch = :epoch and claim_id = :claimId and state = 'RUNNING'
                                and set_config('synchronous_commit', 'off', true) = 'off'
                            ), before as (
                              update run_attempts a set outcome = 'LOST', ended_at = clock_timestamp() from mine
                              where a.run_id = mine.run_id and a.epoch < mine.epoch and a.outcome is null
                            )
                            insert into run_attempts (run_id, epoch, step, attempt, node, model)
                            select run_id, epoch, :step, attempt, owner, :model from mine
                            on conflict (run_id, epoch, step) do update set attempt = excluded.attempt,
                              model = excluded.model""")
                        .bindMethods(fence)
                        .bind("step", step)
                        .bind("model", model)
                        .execute()
                == 1);
    }

    /**
     * The call of this step failed before its first word, and a second model is asked. Whether the run is still the
     * caller's, and that call may be made. As {@link #begin} it does not wait for the disk, and a first
     * call that was forgotten so is only missing from the list.
     */
    @Transactional
    public boolean fellBack(Fence fence, int step, String model) {
        return jdbi.withHandle(h -> h.createUpdate("""
                            with mine as (
                              select run_id, epoch, attempt, owner from runs
                              where run_id = :run and epoch = :epoch and claim_id = :claimId and state = 'RUNNING'
                                and set_config('synchronous_commit', 'off', true) = 'off'
                            ), failed as (
                              insert into run_fallbacks (run_id, epoch, step, attempt, node, model, at)
                              select a.run_id, a.epoch, a.step, a.attempt, a.node, a.model, a.at
                              from run_attempts a join mine on mine.run_id = a.run_id and mine.epoch = a.epoch
                              where a.step = :step
                              on conflict (run_id, epoch, step) do nothing
                            )
                            insert into run_attempts (run_id, epoch, step, attempt, node, model)
                            select run_id, epoch, :step, attempt, owner, :model from mine
                            on conflict (run_id, epoch, step) do update set model = excluded.model,
                              at = clock_timestamp()""")
                        .bindMethods(fence)
                        .bind("step", step)
                        .bind("model", model)
                        .execute()
                == 1);
    }

    /**
     * Its call is answered, and the next step begins a new count. Whether the run is still the caller's.
     *
     * @param usageJson of the step's call
     * @param soFarJson of all finished steps: what the run has cost if it ends otherwise than by an answer
     */
    @Transactional
    public boolean stepFinished(Fence fence, String usageJson, String soFarJson) {
        return jdbi.withHandle(h -> {
            boolean mine = h.createUpdate("""
                            update runs set attempt = 1, tries = 0, trying_since = null, usage = cast(:soFar as jsonb)
                            where run_id = :run and epoch = :epoch and claim_id = :claimId and state = 'RUNNING'""")
                            .bindMethods(fence)
                            .bind("soFar", soFarJson)
                            .execute()
                    == 1;
            if (mine) {
                AttemptRows.end(h, fence.run(), Attempt.Ending.ANSWERED, Optional.of(usageJson));
            }
            return mine;
        });
    }

    /** In their order. */
    public List<Attempt> of(UUID run) {
        return jdbi.withHandle(h -> h.createQuery("""
                        select epoch, step, attempt, node, model, at, ended_at, outcome, usage
                        from run_attempts where run_id = :run
                        union all
                        select epoch, step, attempt, node, model, at, ended_at, 'FAILED', null
                        from run_fallbacks where run_id = :run
                        order by epoch, step, at""")
                .bind("run", run)
                .map((rs, _) -> Attempt.of(rs))
                .list());
    }
}
