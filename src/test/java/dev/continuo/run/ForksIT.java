package dev.continuo.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.log.LogRecord;
import dev.continuo.log.Segment;
import dev.continuo.node.NodeId;
import dev.continuo.run.ForkResult.Forked;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ForksIT {
    private final Truth truth = Truth.fresh();
    private final NodeId node = Truth.node("n");
    private Claim claim;

    /** Segments 1..3, 4..7, 8..9. */
    @BeforeEach
    void write() {
        truth.post("t");
        claim = truth.start(node);
        truth.flush(Truth.opening(claim, "a"));
        truth.flush(Truth.words(claim.fence(), 4, "b", "c", "d", "e"));
        truth.flush(Truth.words(claim.fence(), 8, "f", "g"));
    }

    private ForkResult fork(int base, Fork.Cause cause) {
        return truth.fork(new Fork(claim.fence(), "n", base, new Voided.UpTo(9), cause, "difference"));
    }

    @Test
    void a_fork_cuts_inside_a_segment_and_the_rest_is_written_anew() {
        var forked = (Forked) fork(5, Fork.Cause.OTHER_TEXT);

        assertThat(forked).isEqualTo(new Forked(claim.fence().withEpoch(2), 1, false));
        var snapshot = truth.snapshots.read(claim.run(), 0).orElseThrow();
        assertThat(snapshot.segments())
                .extracting(Segment::first, Segment::last, Segment::jsSeq)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1, 3, OptionalLong.of(1)),
                        org.assertj.core.groups.Tuple.tuple(4, 5, OptionalLong.of(1)));
        assertThat(SegmentRows.records(snapshot.segments()))
                .extracting(LogRecord::idx)
                .containsExactly(1, 2, 3, 4, 5);
        assertThat(snapshot.bases().getLast().voided()).isEqualTo(OptionalInt.of(9));
        assertThat(truth.flushOne(Truth.words(claim.fence(), 6, "old"))).isInstanceOf(FlushOutcome.Lost.class);

        truth.flush(Truth.words(forked.next(), 6, "X"));
        truth.complete(forked.next());
        assertThat(truth.messages
                        .answerOf(claim.run())
                        .orElseThrow()
                        .parts()
                        .get(0)
                        .path("text")
                        .asText())
                .isEqualTo("abcX");
    }

    @Test
    void a_fork_at_a_boundary_keeps_the_segment_and_its_place_in_the_stream() {
        fork(7, Fork.Cause.OTHER_TEXT);

        assertThat(truth.snapshots.read(claim.run(), 3).orElseThrow().segments())
                .extracting(Segment::first, Segment::last, Segment::jsSeq)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(4, 7, OptionalLong.of(4)));
    }

    @Test
    void a_fork_to_nothing_leaves_nothing() {
        var forked = (Forked) fork(0, Fork.Cause.OTHER_TEXT);

        assertThat(truth.snapshots.read(claim.run(), 0).orElseThrow().segments())
                .isEmpty();
        assertThat(((FinishResult.Finished) truth.complete(forked.next()))
                        .terminal()
                        .answerId())
                .isEmpty();
    }

    @Test
    void only_a_failed_call_counts_as_an_attempt() {
        assertThat(((Forked) fork(9, Fork.Cause.FAILED_CALL)).attempt()).isEqualTo(2);
        assertThat(((Forked) truth.fork(new Fork(
                                claim.fence().withEpoch(2),
                                "n",
                                9,
                                new Voided.Nothing(),
                                Fork.Cause.OTHER_TEXT,
                                "difference")))
                        .attempt())
                .isEqualTo(2);
    }

    @Test
    void a_fork_asked_again_after_an_unknown_outcome_is_the_same_fork() {
        assertThat(fork(5, Fork.Cause.FAILED_CALL)).isEqualTo(fork(5, Fork.Cause.FAILED_CALL));
        assertThat(truth.one("select count(*) from run_epochs", int.class)).isEqualTo(2);
    }

    @Test
    void a_base_above_what_is_committed_is_refused() {
        assertThat(fork(10, Fork.Cause.OTHER_TEXT)).isEqualTo(new ForkResult.Lost());
        assertThat(List.of(truth.run(claim.run()).epoch())).containsExactly(1L);
    }
}
