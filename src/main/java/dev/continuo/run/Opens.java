package dev.continuo.run;

import dev.continuo.log.LogRecord;
import dev.continuo.log.Segment;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The first step of every claim: stores what was shown, and makes the epoch exist for readers. */
@ApplicationScoped
public class Opens {
    private final Jdbi jdbi;

    @Inject
    public Opens(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    protected Opens() {
        this(null);
    }

    /** Safe to repeat with the same opening when the outcome of a commit is unknown. */
    @Transactional
    public OpenResult open(Opening opening) {
        return jdbi.withHandle(h -> {
            Optional<Boolean> cancel = h.createQuery("""
                            update runs set committed_idx = :base
                            where run_id = :run and epoch = :epoch and claim_id = :claimId and state = 'RUNNING'
                              and committed_idx = :committed
                              and not exists (select 1 from run_epochs e where e.run_id = :run and e.epoch = :epoch)
                            returning cancel_requested_at is not null""")
                    .bindMethods(opening.fence())
                    .bind("base", opening.base())
                    .bind("committed", opening.committedIdx())
                    .mapTo(boolean.class)
                    .findOne();
            if (cancel.isEmpty()) {
                return openedBefore(h, opening.fence());
            }
            segments(opening).forEach(s -> SegmentRows.insert(h, opening.fence().run(), s));
            EpochInsert.of(opening.fence(), opening.base())
                    .by(opening.node())
                    .because(opening.reason())
                    .voiding(opening.voided())
                    .execute(h);
            return new OpenResult.Opened(opening.base(), cancel.get());
        });
    }

    private static OpenResult openedBefore(Handle h, Fence fence) {
        return h.createQuery("""
                        select e.base_idx, r.cancel_requested_at is not null as cancel
                        from runs r join run_epochs e on e.run_id = r.run_id and e.epoch = r.epoch and e.claim_id = r.claim_id
                        where r.run_id = :run and r.epoch = :epoch and r.claim_id = :claimId and r.state = 'RUNNING'""")
                .bindMethods(fence)
                .<OpenResult>map((rs, _) -> new OpenResult.Opened(rs.getInt("base_idx"), rs.getBoolean("cancel")))
                .findOne()
                .orElseGet(OpenResult.Lost::new);
    }

    /** One per epoch, since a segment has one author. */
    private static List<Segment> segments(Opening opening) {
        var segments = new ArrayList<Segment>();
        var same = new ArrayList<LogRecord>();
        for (LogRecord record : opening.adopted()) {
            if (!same.isEmpty() && same.getLast().epoch() != record.epoch()) {
                Segment.of(same, OptionalLong.empty()).ifPresent(segments::add);
                same.clear();
            }
            same.add(record);
        }
        Segment.of(same, opening.jsSeq()).ifPresent(segments::add);
        return segments;
    }

    /** What stood on the run's subject when the marker was accepted, which is known only after Open. */
    @Transactional
    public void shown(Fence fence, Voided voided) {
        jdbi.useHandle(h -> h.createUpdate("""
                        update run_epochs set voided_idx = :voided, voided_unknown = :unknown
                        where run_id = :run and epoch = :epoch and claim_id = :claimId""")
                .bindMethods(fence)
                .bind("voided", voided.idxOrNull())
                .bind("unknown", voided.isUnknown())
                .execute());
    }
}
