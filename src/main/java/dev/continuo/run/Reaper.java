package dev.continuo.run;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/**
 * Makes orphans READY: runs of nodes whose lease is over, or whose session is gone from {@code pg_locks} although their
 * last renewal said that it held the lock. Reads {@code pg_locks} and never tries a lock.
 */
@ApplicationScoped
public class Reaper {
    private final Jdbi jdbi;

    @Inject
    public Reaper(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    protected Reaper() {
        this(null);
    }

    /** An orphan and the node that had it. */
    public record Reaped(UUID run, UUID thread, UUID org, String owner) {}

    /** Nothing in the first lease after a start of the database, and nothing by a node whose own renewals were not
     * unbroken for a lease: after an outage the first one back would take everybody's runs. */
    @Transactional
    public List<Reaped> reap(UnbrokenRenewals mine) {
        return jdbi.withHandle(h -> h.createQuery("""
                        with owners as (
                          select distinct owner, owner_boot from runs where state = 'RUNNING' and owner is not null
                        ), dead as materialized (
                          select o.owner, o.owner_boot
                          from owners o
                          cross join settings s
                          left join nodes n on n.node_id = o.owner and n.boot_id = o.owner_boot
                          where (n.node_id is null
                             or n.lease_until < clock_timestamp()
                             or n.lock_held and n.renewed_at < clock_timestamp() - s.probe_age
                                and not exists (select 1 from pg_locks l
                                  where l.locktype = 'advisory' and l.granted and l.objsubid = 1
                                    and l.database = (select oid from pg_database where datname = current_database())
                                    and l.classid = cast(n.lock_key >> 32 & 4294967295 as oid)
                                    and l.objid = cast(n.lock_key & 4294967295 as oid)))
                            and pg_postmaster_start_time() < clock_timestamp() - s.lease
                            and make_interval(secs => :unbroken) >= s.lease
                        ), orphan as (
                          select r.run_id, r.owner from runs r
                          join dead d on d.owner = r.owner and d.owner_boot = r.owner_boot
                          where r.state = 'RUNNING'
                          for update of r skip locked
                        )
                        update runs r set state = 'READY', owner = null, owner_boot = null, ready_at = clock_timestamp()
                        from orphan where r.run_id = orphan.run_id
                        returning r.run_id, r.thread_id, r.org_id, orphan.owner as was""")
                .bind("unbroken", mine.span().toMillis() / 1000.0)
                .map((rs, _) -> new Reaped(
                        rs.getObject("run_id", UUID.class),
                        rs.getObject("thread_id", UUID.class),
                        rs.getObject("org_id", UUID.class),
                        rs.getString("was")))
                .list());
    }
}
