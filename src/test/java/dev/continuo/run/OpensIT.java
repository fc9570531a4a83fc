package dev.continuo.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.continuo.log.Chunks;
import dev.continuo.log.EpochBase;
import dev.continuo.log.LogRecord;
import dev.continuo.log.Segment;
import dev.continuo.node.NodeId;
import dev.continuo.run.OpenResult.Opened;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class OpensIT {
    private final Truth truth = Truth.fresh();
    private final NodeId node = Truth.node("n");

    /** Committed up to 3, then left. */
    private Claim second() {
        truth.post("t");
        Claim first = truth.start(node);
        truth.flush(Truth.opening(first, "a"));
        truth.release(first.fence(), GiveBack.HAND_OVER, Duration.ZERO);
        return truth.claimOne(node);
    }

    private static List<LogRecord> shown(long epoch, int first, String... words) {
        var chunks = new ArrayList<dev.continuo.log.Chunk>();
        for (String word : words) {
            chunks.add(Chunks.textDelta("t", word));
        }
        return Truth.records(epoch, first, chunks);
    }

    @Test
    void what_was_shown_is_adopted_with_the_epochs_that_wrote_it() {
        Claim claim = second();
        var adopted = new ArrayList<>(shown(1, 4, "b", "c"));
        Claim third = leaveAndClaim(claim);
        adopted.addAll(shown(2, 6, "d"));

        var opening =
                new Opening(third.fence(), "n", 3, adopted, OptionalLong.of(17), new Voided.Unknown(), "takeover");
        assertThat(truth.open(opening)).isEqualTo(new Opened(6, false));

        var snapshot = truth.snapshots.read(third.run(), 3).orElseThrow();
        assertThat(snapshot.committedIdx()).isEqualTo(6);
        assertThat(snapshot.segments())
                .extracting(Segment::first, Segment::last, Segment::epoch, Segment::jsSeq)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(4, 5, 1L, OptionalLong.empty()),
                        org.assertj.core.groups.Tuple.tuple(6, 6, 2L, OptionalLong.of(17)));
        assertThat(snapshot.bases().getLast())
                .isEqualTo(new EpochBase(3, 6, Optional.of(third.claimId()), OptionalInt.empty(), true, "takeover"));
        assertThat(truth.open(opening))
                .as("asked again after an unknown outcome")
                .isEqualTo(new Opened(6, false));
        assertThat(truth.flushOne(Truth.words(third.fence(), 7, "e"))).isInstanceOf(FlushOutcome.Committed.class);

        truth.complete(third.fence());
        assertThat(truth.messages
                        .answerOf(third.run())
                        .orElseThrow()
                        .parts()
                        .get(0)
                        .path("text")
                        .asText())
                .isEqualTo("abcde");
    }

    private Claim leaveAndClaim(Claim claim) {
        truth.release(claim.fence(), GiveBack.HAND_OVER, Duration.ZERO);
        return truth.claimOne(node);
    }

    @Test
    void a_claim_that_was_never_opened_does_not_exist_for_readers() {
        Claim claim = second();

        var snapshot = truth.snapshots.read(claim.run(), 0).orElseThrow();
        assertThat(snapshot.openedEpoch()).isEqualTo(1);
        assertThat(truth.progress.of(List.of(claim.run())))
                .containsExactly(new RunProgress(claim.run(), RunState.RUNNING, 1, 3, 1, 0, 0));
    }

    @Test
    void an_open_over_a_stale_view_of_what_is_committed_is_refused() {
        Claim claim = second();

        assertThat(truth.open(new Opening(
                        claim.fence(), "n", 2, List.of(), OptionalLong.empty(), new Voided.Nothing(), "takeover")))
                .isEqualTo(new OpenResult.Lost());
    }

    @Test
    void a_pending_cancel_is_told() {
        Claim claim = second();
        truth.cancel(claim.run());

        assertThat(truth.open(new Opening(
                        claim.fence(), "n", 3, List.of(), OptionalLong.empty(), new Voided.Nothing(), "takeover")))
                .isEqualTo(new Opened(3, true));
    }

    @Test
    void what_stood_above_the_base_may_be_told_later() {
        Claim claim = second();
        truth.open(
                new Opening(claim.fence(), "n", 3, List.of(), OptionalLong.empty(), new Voided.Unknown(), "takeover"));

        truth.shown(claim.fence(), Voided.of(OptionalInt.of(9), 3));

        assertThat(truth.snapshots.read(claim.run(), 0).orElseThrow().bases().getLast())
                .returns(OptionalInt.of(9), EpochBase::voided)
                .returns(false, EpochBase::voidedUnknown);
    }

    @Test
    void records_that_do_not_follow_or_are_of_the_new_epoch_cannot_be_adopted() {
        Fence fence = new Fence(java.util.UUID.randomUUID(), 2, java.util.UUID.randomUUID());

        assertThatThrownBy(() ->
                        new Opening(fence, "n", 3, shown(1, 5, "x"), OptionalLong.empty(), new Voided.Nothing(), ""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        new Opening(fence, "n", 3, shown(2, 4, "x"), OptionalLong.empty(), new Voided.Nothing(), ""))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
