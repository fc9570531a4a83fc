package dev.continuo.run;

import dev.continuo.node.NodeId;
import dev.continuo.sql.SqlArray;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** Rows that say a node runs something, for the node to compare with what it knows it runs. */
@ApplicationScoped
public class Reconciles {
    private final Jdbi jdbi;

    @Inject
    public Reconciles(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    protected Reconciles() {
        this(null);
    }

    /** A row that names this node as its owner; the owner may learn of a cancel here, too. */
    public record Mine(Fence fence, boolean cancelRequested) {}

    public List<Mine> rowsThatSayMe(NodeId me) {
        return jdbi.withHandle(h -> h.createQuery("""
                        select run_id, epoch, claim_id, cancel_requested_at is not null as cancel from runs
                        where owner = :name and owner_boot = :boot and state = 'RUNNING'""")
                .bindMethods(me)
                .map((rs, _) -> new Mine(
                        new Fence(
                                rs.getObject("run_id", UUID.class),
                                rs.getLong("epoch"),
                                rs.getObject("claim_id", UUID.class)),
                        rs.getBoolean("cancel")))
                .list());
    }

    /** What was missing in two passes becomes READY. A claim that was never opened is one whose answer got lost: it gives
     * its attempt back and counts as a try, so that it cannot go round for ever. */
    @Transactional
    public List<UUID> giveBack(NodeId me, Collection<Fence> unknown) {
        return jdbi.withHandle(h -> h.createQuery("""
                        with lost as (
                          select r.run_id, exists (select 1 from run_epochs e
                              where e.run_id = r.run_id and e.claim_id = r.claim_id) as opened
                          from unnest(:runs, :epochs, :claims) as u(run_id, epoch, claim_id)
                          join runs r on r.run_id = u.run_id and r.epoch = u.epoch and r.claim_id = u.claim_id
                          where r.state = 'RUNNING' and r.owner = :name and r.owner_boot = :boot
                          for update of r skip locked
                        )
                        update runs r set state = 'READY', owner = null, owner_boot = null, ready_at = clock_timestamp(),
                          attempt = case when lost.opened then r.attempt else greatest(r.attempt - 1, 0) end,
                          tries = case when lost.opened then r.tries else r.tries + 1 end
                        from lost where r.run_id = lost.run_id
                        returning r.run_id""")
                .bindMethods(me)
                .bind("runs", SqlArray.uuids(unknown.stream().map(Fence::run).toList()))
                .bind(
                        "epochs",
                        SqlArray.longs(unknown.stream().map(Fence::epoch).toList()))
                .bind(
                        "claims",
                        SqlArray.uuids(unknown.stream().map(Fence::claimId).toList()))
                .mapTo(UUID.class)
                .list());
    }
}
