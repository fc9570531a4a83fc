package dev.continuo.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.intake.Acceptance.Accepted;
import dev.continuo.log.LogRecord;
import dev.continuo.node.NodeId;
import dev.continuo.run.CancelResult.AlreadyFinished;
import dev.continuo.run.CancelResult.Cancelled;
import dev.continuo.run.CancelResult.Requested;
import dev.continuo.run.FinishResult.Finished;
import dev.continuo.thread.Reach;
import dev.continuo.thread.Viewer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class CancelsIT {
    private final Truth truth = Truth.fresh();
    private final NodeId node = Truth.node("n");

    @Test
    void a_cancel_and_a_finish_at_the_same_moment_leave_exactly_one_terminal() {
        int cancelled = 0;
        for (int i = 0; i < 200; i++) {
            Accepted first = truth.post("t");
            Accepted second = truth.post("t");
            Claim claim = truth.start(node);
            truth.flush(Truth.opening(claim, "a"));

            var results = Race.<Object>of(
                    List.<Callable<Object>>of(() -> truth.cancel(first.run()), () -> truth.complete(claim.fence())));

            var finished = (Finished) results.get(1);
            switch ((CancelResult) results.get(0)) {
                case Requested _ -> {
                    cancelled++;
                    assertThat(finished.terminal().state()).isEqualTo("cancelled");
                }
                case AlreadyFinished(RunState state) -> {
                    assertThat(state).isEqualTo(RunState.COMPLETED);
                    assertThat(finished.terminal().state()).isEqualTo("completed");
                }
                case Cancelled _, CancelResult.Unknown _ -> throw new AssertionError(results.get(0));
            }
            assertThat(finished.promoted()).contains(second.run());
            Claim next = truth.start(node);
            assertThat(next.run()).isEqualTo(second.run());
            truth.complete(next.fence());
        }
        assertThat(cancelled).as("both orders were seen").isBetween(1, 199);
        assertThat(truth.one("select count(*) from messages where ord = 1", int.class))
                .isEqualTo(200);
    }

    @Test
    void a_cancel_a_reap_and_a_claim_at_the_same_moment_leave_exactly_one_terminal() {
        for (int i = 0; i < 100; i++) {
            Accepted accepted = truth.post("t");
            Claim claim = truth.start(node);
            truth.flush(Truth.opening(claim, "a"));
            truth.release(claim.fence(), GiveBack.HAND_OVER, Duration.ZERO);

            var results = Race.<Object>of(
                    List.<Callable<Object>>of(() -> truth.cancel(accepted.run()), () -> truth.claim(node, 1)));

            var claims = (List<?>) results.get(1);
            if (results.get(0) instanceof Cancelled cancelled) {
                assertThat(claims).isEmpty();
                assertThat(cancelled.terminal().n()).isEqualTo(5);
            } else {
                assertThat(results.get(0)).isInstanceOf(Requested.class);
                var again = (Claim) claims.getFirst();
                var ended = (Finished) truth.complete(again.fence());
                assertThat(ended.terminal().state()).isEqualTo("cancelled");
            }
        }
        assertThat(truth.one("select count(*) from runs where state = 'CANCELLED'", int.class))
                .isEqualTo(100);
    }

    @Test
    void what_waits_is_cancelled_at_once_without_a_log() {
        truth.post("t");
        Accepted second = truth.post("t");
        Accepted third = truth.post("t");

        var cancelled = (Cancelled) truth.cancel(second.run());

        assertThat(cancelled.terminal()).satisfies(t -> {
            assertThat(t.epoch()).isZero();
            assertThat(t.n()).isZero();
            assertThat(t.answerId()).isEmpty();
        });
        assertThat(cancelled.promoted()).isEmpty();
        assertThat(truth.run(third.run()).position()).isEqualTo(1);
        assertThat(truth.cancel(second.run())).isEqualTo(new AlreadyFinished(RunState.CANCELLED));
        assertThat(truth.snapshots.read(second.run(), 0).orElseThrow().segmentsKept())
                .isTrue();
    }

    @Test
    void cancelling_the_seat_gives_it_to_the_next() {
        Accepted first = truth.post("t");
        Accepted second = truth.post("t");

        assertThat(((Cancelled) truth.cancel(first.run())).promoted()).contains(second.run());
        assertThat(truth.run(second.run()).state()).isEqualTo(RunState.READY);
    }

    @Test
    void cancelling_what_a_dead_owner_left_keeps_its_text_and_fences_it() {
        Accepted accepted = truth.post("t");
        Claim claim = truth.start(node);
        truth.flush(Truth.opening(claim, "half a sen"));
        truth.release(claim.fence(), GiveBack.HAND_OVER, Duration.ZERO);

        var terminal = ((Cancelled) truth.cancel(accepted.run())).terminal();

        assertThat(terminal.epoch()).isEqualTo(2);
        assertThat(terminal.answerId()).contains(accepted.answer());
        var answer = truth.messages.answerOf(accepted.run()).orElseThrow();
        assertThat(answer.complete()).isFalse();
        assertThat(answer.parts().get(0).path("text").asText()).isEqualTo("half a sen");
        var snapshot = truth.snapshots.read(accepted.run(), 3).orElseThrow();
        assertThat(snapshot.openedEpoch()).isEqualTo(2);
        assertThat(snapshot.openedClaim()).isEmpty();
        assertThat(snapshot.bases().getLast().base()).isEqualTo(3);
        assertThat(chunks(accepted.run(), 3))
                .containsExactly("{\"type\":\"abort\"}", "{\"type\":\"finish\",\"finishReason\":\"other\"}");
        assertThat(truth.complete(claim.fence())).isEqualTo(new FinishResult.Lost());
    }

    @Test
    void a_run_that_was_claimed_but_never_wrote_gets_a_start_and_no_answer() {
        Accepted accepted = truth.post("t");
        Claim claim = truth.claimOne(node);
        truth.release(claim.fence(), GiveBack.HAND_OVER, Duration.ZERO);

        var terminal = ((Cancelled) truth.cancel(accepted.run())).terminal();

        assertThat(terminal.n()).isEqualTo(3);
        assertThat(terminal.answerId()).isEmpty();
        assertThat(terminal.sha256()).isEmpty();
        assertThat(chunks(accepted.run(), 0).getFirst())
                .contains("start", accepted.answer().toString());
    }

    @Test
    void somebody_elses_run_is_unknown() {
        Accepted accepted = truth.post("t");
        var cancels = new Cancels(truth.jdbi, new Endings(truth.messages));

        assertThat(truth.tx(() -> cancels.cancel(new Viewer(truth.org, "bob", Reach.OWN), accepted.run())))
                .isEqualTo(new CancelResult.Unknown());
        assertThat(truth.tx(
                        () -> cancels.cancel(new Viewer(UUID.randomUUID(), "ann", Reach.ORGANISATION), accepted.run())))
                .isEqualTo(new CancelResult.Unknown());
        assertThat(truth.tx(() -> cancels.cancel(new Viewer(truth.org, "boss", Reach.ORGANISATION), accepted.run())))
                .isInstanceOf(Cancelled.class);
    }

    @Test
    void a_failed_run_keeps_its_partial_text_and_shows_its_error_last() {
        Accepted accepted = truth.post("t");
        Claim claim = truth.start(node);
        truth.flush(Truth.opening(claim, "half"));

        var finished = (Finished) truth.finish(
                claim.fence(), Outcome.failed("attempts_exhausted", "It failed three times.", Optional.empty()));

        assertThat(finished.terminal().errorCode()).contains("attempts_exhausted");
        assertThat(truth.messages.answerOf(accepted.run()).orElseThrow().complete())
                .isFalse();
        assertThat(chunks(accepted.run(), 3))
                .containsExactly(
                        "{\"type\":\"error\",\"errorText\":\"It failed three times.\"}",
                        "{\"type\":\"finish\",\"finishReason\":\"error\"}");
    }

    private List<String> chunks(UUID run, int above) {
        return SegmentRows.records(
                        truth.snapshots.read(run, above).orElseThrow().segments())
                .stream()
                .map(LogRecord::chunk)
                .map(c -> new String(c, StandardCharsets.UTF_8))
                .toList();
    }
}
