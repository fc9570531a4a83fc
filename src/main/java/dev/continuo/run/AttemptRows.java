package dev.continuo.run;

import dev.continuo.run.Attempt.Ending;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Ends a run's call inside of the step that ends it. */
final class AttemptRows {
    private AttemptRows() {}

    /** The call of the present owner. */
    static void end(Handle h, UUID run, Ending ending) {
        end(h, run, ending, Optional.empty());
    }

    static void end(Handle h, UUID run, Ending ending, Optional<String> usageJson) {
        h.createUpdate("""
                        update run_attempts set outcome = :outcome, usage = cast(:usage as jsonb), ended_at = clock_timestamp()
                        where run_id = :run and outcome is null""")
                .bind("run", run)
                .bind("outcome", ending)
                .bind("usage", usageJson)
                .execute();
    }

    /** A call of an earlier owner's is over, too, and nobody knows how. */
    static void endOf(Handle h, Fence owner, Ending ending) {
        h.createUpdate("""
                        update run_attempts set ended_at = clock_timestamp(),
                          outcome = case when epoch = :epoch then :outcome else 'LOST' end
                        where run_id = :run and outcome is null""").bindMethods(owner).bind("outcome", ending).execute();
    }

    /** With the run: its text is the answer, or it ended with its claim, or with an earlier one. */
    static void endWith(Handle h, LockedRun run, Outcome outcome) {
        if (outcome.state() == RunState.COMPLETED) {
            end(h, run.run(), Ending.ANSWERED, outcome.usageJson());
            return;
        }
        h.createUpdate("""
                        update run_attempts a set ended_at = clock_timestamp(), usage = cast(:usage as jsonb),
                          outcome = case when exists (select 1 from run_epochs e
                                           where e.run_id = a.run_id and e.epoch = a.epoch and e.claim_id = :claim)
                                         then :outcome else 'LOST' end
                        where a.run_id = :run and a.outcome is null""")
                .bind("run", run.run())
                .bind("claim", run.claimId())
                .bind("usage", outcome.usageJson())
                .bind("outcome", outcome.state() == RunState.FAILED ? Ending.FAILED : Ending.CANCELLED)
                .execute();
    }
}
