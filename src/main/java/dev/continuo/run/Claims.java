package dev.continuo.run;

import dev.continuo.node.NodeId;
import dev.continuo.sql.Keys;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/**
 * Takes READY runs for a node. Organisations take turns: each offers its longest waiting runs, and those of an
 * organisation that has many running come last. Two claims never wait for each other and never take the same run.
 *
 * <p>What was offered is looked up row by row, in the order of its places, until enough is locked: as a join, a long queue
 * made PostgreSQL read all runs instead.
 */
@ApplicationScoped
public class Claims {
    /** Locked rows are skipped, so each organisation offers some more than could be taken. */
    private static final int SPARE = 32;

    private final Jdbi jdbi;

    @Inject
    public Claims(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    protected Claims() {
        this(null);
    }

    /** At most {@code free} runs, all under {@code claimId}, which the caller remembers before it calls. */
    @Transactional
    public Claimed claim(NodeId me, int free, UUID claimId) {
        if (free < 1) {
            return new Claimed(List.of(), true);
        }
        var rows = jdbi.withHandle(h -> h.createQuery("""
                        with recursive org as (
                          (select org_id from runs where state = 'READY' and org_id >= :least order by org_id limit 1)
                          union all
                          select (select r.org_id from runs r where r.state = 'READY' and r.org_id > org.org_id
                                  order by r.org_id limit 1)
                          from org where org.org_id is not null
                        ), busy as materialized (
                          select org.org_id, running.n, running.n >= (select org_running from settings) as full
                          from org
                          cross join lateral (
                            select count(*) as n from runs b where b.org_id = org.org_id and b.state = 'RUNNING') running
                        ), offer as materialized (
                          select d.run_id, d.ready_at, busy.n + row_number() over (partition by busy.org_id order by d.ready_at) as place
                          from busy
                          cross join lateral (
                            select r.run_id, r.ready_at from runs r
                            where r.org_id = busy.org_id and r.state = 'READY' and r.ready_at <= (select clock_timestamp())
                            order by r.ready_at limit :offered) d
                          where not busy.full
                        ), picked as (
                          select r.run_id from (select run_id from offer order by place, ready_at) o
                          cross join lateral (
                            select r.run_id from runs r
                            where r.run_id = o.run_id and r.state = 'READY' and r.ready_at <= clock_timestamp()
                            for update skip locked) r
                          limit :free
                        ), taken as (
                          update runs r set state = 'RUNNING', epoch = r.epoch + 1, claim_id = :claim, owner = :node,
                            owner_boot = :boot, attempt = r.attempt + 1,
                            first_claimed_at = coalesce(r.first_claimed_at, clock_timestamp())
                          from picked where r.run_id = picked.run_id
                          returning r.*,
                            extract(epoch from clock_timestamp() - r.ready_at) * 1000 as waited_ms,
                            coalesce(extract(epoch from clock_timestamp() - r.trying_since) * 1000, 0) as trying_ms,
                            exists (select 1 from run_epochs e where e.run_id = r.run_id) as opened
                        )
                        select taken.*, rest.some_left
                        from (select exists (select 1 from busy where busy.full)
                                or (select count(*) from offer) > (select count(*) from picked) as some_left) rest
                        left join taken on true""")
                .bind("least", Keys.LEAST)
                .bind("claim", claimId)
                .bind("node", me.name())
                .bind("boot", me.boot())
                .bind("free", free)
                .bind("offered", free + SPARE)
                .map((rs, _) -> new Row(claim(rs, claimId), rs.getBoolean("some_left")))
                .list());
        return new Claimed(
                rows.stream().flatMap(row -> row.claim().stream()).toList(),
                rows.getFirst().someLeft());
    }

    /** There is one without a claim where nothing was taken. */
    private record Row(Optional<Claim> claim, boolean someLeft) {}

    private static Optional<Claim> claim(ResultSet rs, UUID claimId) throws SQLException {
        UUID run = rs.getObject("run_id", UUID.class);
        return run == null
                ? Optional.empty()
                : Optional.of(new Claim(
                        run,
                        rs.getObject("thread_id", UUID.class),
                        rs.getObject("org_id", UUID.class),
                        rs.getLong("turn"),
                        rs.getLong("epoch"),
                        claimId,
                        rs.getInt("attempt"),
                        rs.getInt("tries"),
                        Duration.ofMillis(rs.getLong("waited_ms")),
                        Duration.ofMillis(rs.getLong("trying_ms")),
                        rs.getInt("committed_idx"),
                        rs.getObject("answer_id", UUID.class),
                        rs.getTimestamp("cancel_requested_at") != null,
                        RunOptions.of(rs),
                        rs.getBoolean("opened")));
    }
}
