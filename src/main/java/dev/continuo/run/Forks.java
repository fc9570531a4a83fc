package dev.continuo.run;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Leaves a text behind: the same claim writes on from a lower base under the next epoch. */
@ApplicationScoped
public class Forks {
    private final Jdbi jdbi;

    @Inject
    public Forks(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    protected Forks() {
        this(null);
    }

    /** Safe to repeat with the same fork when the outcome of a commit is unknown. */
    @Transactional
    public ForkResult fork(Fork fork) {
        return jdbi.withHandle(h -> {
            Fence next = fork.fence().withEpoch(fork.fence().epoch() + 1);
            Optional<ForkResult> forked = h.createQuery("""
                            update runs set epoch = epoch + 1, committed_idx = :base, attempt = attempt + :counted
                            where run_id = :run and epoch = :epoch and claim_id = :claimId and state = 'RUNNING'
                              and committed_idx >= :base
                            returning attempt, cancel_requested_at is not null as cancel""")
                    .bindMethods(fork.fence())
                    .bind("base", fork.base())
                    .bind("counted", fork.cause() == Fork.Cause.FAILED_CALL ? 1 : 0)
                    .<ForkResult>map(
                            (rs, _) -> new ForkResult.Forked(next, rs.getInt("attempt"), rs.getBoolean("cancel")))
                    .findOne();
            if (forked.isEmpty()) {
                return forkedBefore(h, next, fork.base());
            }
            if (fork.cause() == Fork.Cause.FAILED_CALL) {
                AttemptRows.end(h, next.run(), Attempt.Ending.FAILED);
            }
            SegmentRows.trim(h, next.run(), fork.base());
            EpochInsert.of(next, fork.base())
                    .by(fork.node())
                    .because(fork.reason())
                    .voiding(fork.voided())
                    .execute(h);
            return forked.get();
        });
    }

    private static ForkResult forkedBefore(Handle h, Fence next, int base) {
        return h.createQuery("""
                        select r.attempt, r.cancel_requested_at is not null as cancel
                        from runs r join run_epochs e on e.run_id = r.run_id and e.epoch = r.epoch and e.claim_id = r.claim_id
                        where r.run_id = :run and r.epoch = :epoch and r.claim_id = :claimId and r.state = 'RUNNING'
                          and r.committed_idx = :base and e.base_idx = :base""")
                .bindMethods(next)
                .bind("base", base)
                .<ForkResult>map((rs, _) -> new ForkResult.Forked(next, rs.getInt("attempt"), rs.getBoolean("cancel")))
                .findOne()
                .orElseGet(ForkResult.Lost::new);
    }
}
