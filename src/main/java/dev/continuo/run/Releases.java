package dev.continuo.run;

import dev.continuo.node.NodeId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** RUNNING becomes READY again, in the same seat, and the attempt is given back: only deaths and failed calls count. */
@ApplicationScoped
public class Releases {
    private static final String LET_GO = """
            update runs set state = 'READY', owner = null, owner_boot = null, attempt = greatest(attempt - 1, 0),
              tries = tries + :tried,
              trying_since = case when :waits then coalesce(trying_since, clock_timestamp()) else trying_since end,
              ready_at = clock_timestamp() + make_interval(secs => :seconds)
            """;

    private final Jdbi jdbi;

    @Inject
    public Releases(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    protected Releases() {
        this(null);
    }

    /** Whether it was the caller's to release; nobody claims it before {@code notBefore} has passed. */
    @Transactional
    public boolean release(Fence fence, GiveBack why, Duration notBefore) {
        return jdbi.withHandle(h -> {
            boolean released = h.createUpdate(
                                    LET_GO
                                            + "where run_id = :run and epoch = :epoch and claim_id = :claimId and state = 'RUNNING'")
                            .bindMethods(fence)
                            .bind("tried", why == GiveBack.BACK_OFF ? 1 : 0)
                            .bind("waits", why != GiveBack.HAND_OVER)
                            .bind("seconds", notBefore.toMillis() / 1000.0)
                            .execute()
                    == 1;
            if (released) {
                AttemptRows.endOf(h, fence, why.ending());
            }
            return released;
        });
    }

    /** Everything a leaving node still has; the runs, for a hint to the others. */
    @Transactional
    public List<UUID> releaseAll(NodeId me) {
        return jdbi.withHandle(h -> h.createQuery(LET_GO + """
                                where run_id in (select run_id from runs
                                  where owner = :name and owner_boot = :boot and state = 'RUNNING'
                                  order by run_id for update) and state = 'RUNNING'
                                returning run_id""")
                .bindMethods(me)
                .bind("tried", 0)
                .bind("waits", false)
                .bind("seconds", 0.0)
                .mapTo(UUID.class)
                .list());
    }

    /** By an operator, whoever has it; false where it is not running. Its owner learns by its next flush. */
    @Transactional
    public boolean takeAway(UUID org, UUID run) {
        return jdbi.withHandle(
                        h -> h.createUpdate(LET_GO + "where run_id = :run and org_id = :org and state = 'RUNNING'")
                                .bind("run", run)
                                .bind("org", org)
                                .bind("tried", 0)
                                .bind("waits", false)
                                .bind("seconds", 0.0)
                                .execute())
                == 1;
    }
}
