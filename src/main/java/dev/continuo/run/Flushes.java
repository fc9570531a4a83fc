package dev.continuo.run;

import dev.continuo.log.Segment;
import dev.continuo.sql.SqlArray;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The group commit of a node: slices of any number of runs in one transaction of two statements. Where it throws nothing
 * is known of any item: send the same items again, one by one if it was for what they hold, so that only the culprit
 * fails.
 */
@ApplicationScoped
public class Flushes {
    private final Jdbi jdbi;

    @Inject
    public Flushes(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    protected Flushes() {
        this(null);
    }

    /** One outcome per item, in their order; at most one item per run. */
    @Transactional
    public List<FlushOutcome> flush(List<FlushItem> items) {
        if (items.isEmpty()) {
            return List.of();
        }
        return jdbi.withHandle(h -> {
            Map<UUID, Row> locked = rows(h, runs(items), "order by run_id for update skip locked");
            var next = new ArrayList<FlushItem>();
            var missing = new ArrayList<UUID>();
            for (FlushItem item : items) {
                Row row = locked.get(item.fence().run());
                if (row == null) {
                    missing.add(item.fence().run());
                } else if (row.isOf(item.fence())
                        && row.committedIdx == item.segment().first() - 1) {
                    next.add(item);
                }
            }
            write(h, next);
            Map<UUID, Row> unlocked = missing.isEmpty() ? Map.of() : rows(h, missing, "");
            var written = new HashSet<>(runs(next));
            return items.stream()
                    .map(item -> outcome(item.fence(), item.segment(), written, locked, unlocked))
                    .toList();
        });
    }

    private static FlushOutcome outcome(
            Fence fence, Segment segment, HashSet<UUID> written, Map<UUID, Row> locked, Map<UUID, Row> unlocked) {
        UUID run = fence.run();
        Row row = locked.get(run);
        if (row == null) {
            Row seen = unlocked.get(run);
            return seen != null && seen.isOf(fence)
                    ? new FlushOutcome.Skipped(run, fence.epoch())
                    : new FlushOutcome.Lost(run, fence.epoch());
        }
        if (written.contains(run)) {
            return new FlushOutcome.Committed(run, fence.epoch(), segment.last(), row.cancelRequested);
        }
        return row.isOf(fence)
                ? new FlushOutcome.Mine(run, fence.epoch(), row.committedIdx, row.cancelRequested)
                : new FlushOutcome.Lost(run, fence.epoch());
    }

    private static List<UUID> runs(List<FlushItem> items) {
        return items.stream().map(i -> i.fence().run()).toList();
    }

    private record Row(UUID run, boolean running, long epoch, UUID claimId, int committedIdx, boolean cancelRequested) {
        boolean isOf(Fence fence) {
            return running && epoch == fence.epoch() && fence.claimId().equals(claimId);
        }
    }

    private static Map<UUID, Row> rows(Handle h, List<UUID> runs, String locking) {
        var rows = new HashMap<UUID, Row>();
        h.createQuery("""
                        select run_id, state = 'RUNNING' as running, epoch, claim_id, committed_idx,
                          cancel_requested_at is not null as cancel
                        from runs where run_id = any(:runs)\s""" + locking)
                .bind("runs", SqlArray.uuids(runs))
                .map((rs, _) -> new Row(
                        rs.getObject("run_id", UUID.class),
                        rs.getBoolean("running"),
                        rs.getLong("epoch"),
                        rs.getObject("claim_id", UUID.class),
                        rs.getInt("committed_idx"),
                        rs.getBoolean("cancel")))
                .forEach(row -> rows.put(row.run, row));
        return rows;
    }

    private static void write(Handle h, List<FlushItem> items) {
        if (items.isEmpty()) {
            return;
        }
        int written = h.createUpdate("""
                        with item as (
                          select * from unnest(:runs, :epochs, :claims, :firsts, :lasts, :seqs, :payloads)
                            as i(run_id, epoch, claim_id, first_idx, last_idx, js_seq, payload)
                        ), moved as (
                          update runs r set committed_idx = i.last_idx from item i
                          where r.run_id = i.run_id and r.epoch = i.epoch and r.claim_id = i.claim_id
                            and r.state = 'RUNNING' and r.committed_idx = i.first_idx - 1
                          returning r.run_id
                        )
                        insert into run_segments (run_id, first_idx, last_idx, epoch, js_seq, payload)
                        select run_id, first_idx, last_idx, epoch, js_seq, payload from item join moved using (run_id)""")
                .bind("runs", SqlArray.uuids(runs(items)))
                .bind("epochs", SqlArray.longs(each(items, i -> i.fence().epoch())))
                .bind("claims", SqlArray.uuids(each(items, i -> i.fence().claimId())))
                .bind("firsts", SqlArray.ints(each(items, i -> i.segment().first())))
                .bind("lasts", SqlArray.ints(each(items, i -> i.segment().last())))
                .bind("seqs", SqlArray.longs(each(items, i -> nullable(i.segment()))))
                .bind("payloads", SqlArray.bytes(each(items, i -> i.segment().payload())))
                .execute();
        if (written != items.size()) {
            throw new IllegalStateException("of " + items.size() + " locked runs " + written + " took their segment");
        }
    }

    private static Long nullable(Segment segment) {
        return segment.jsSeq().isPresent() ? segment.jsSeq().getAsLong() : null;
    }

    private static <T> List<T> each(List<FlushItem> items, Function<FlushItem, T> part) {
        var values = new ArrayList<T>(items.size());
        items.forEach(i -> values.add(part.apply(i)));
        return values;
    }
}
