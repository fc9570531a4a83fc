package dev.continuo.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.node.NodeId;
import dev.continuo.run.FinishResult.Finished;
import dev.continuo.run.Reconciles.Mine;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Reconciliation, releases and the janitor. */
class ChoresIT {
    private final Truth truth = Truth.fresh();
    private final NodeId node = Truth.node("n");

    @Test
    void a_claim_whose_answer_got_lost_is_given_back_with_its_attempt() {
        UUID run = truth.post("t").run();
        Claim lost = truth.claimOne(node);

        assertThat(truth.reconciles.rowsThatSayMe(node)).containsExactly(new Mine(lost.fence(), false));
        assertThat(truth.reconciles.rowsThatSayMe(Truth.node("n"))).isEmpty();
        assertThat(truth.tx(() -> truth.reconciles.giveBack(node, List.of(lost.fence()))))
                .containsExactly(run);

        assertThat(truth.run(run))
                .returns(RunState.READY, RunView::state)
                .returns(0, RunView::attempt)
                .returns(1, RunView::tries);
        assertThat(truth.claimOne(node).attempt()).isEqualTo(1);
    }

    @Test
    void a_run_that_was_opened_and_then_forgotten_has_spent_its_attempt() {
        UUID run = truth.post("t").run();
        Claim forgotten = truth.start(node);

        truth.tx(() -> truth.reconciles.giveBack(node, List.of(forgotten.fence())));

        assertThat(truth.run(run)).returns(1, RunView::attempt).returns(0, RunView::tries);
    }

    @Test
    void nothing_is_given_back_that_another_node_has_meanwhile() {
        truth.post("t");
        Claim old = truth.start(node);
        truth.release(old.fence(), GiveBack.HAND_OVER, Duration.ZERO);
        NodeId other = Truth.node("other");
        Claim current = truth.claimOne(other);

        assertThat(truth.tx(() -> truth.reconciles.giveBack(node, List.of(old.fence(), current.fence()))))
                .isEmpty();
    }

    @Test
    void a_leaving_node_hands_over_everything_and_keeps_no_attempt() {
        truth.post("a");
        truth.post("b");
        truth.claim(node, 5);

        assertThat(truth.releaseAll(node)).hasSize(2);
        assertThat(truth.claim(Truth.node("other"), 5))
                .extracting(Claim::attempt, Claim::tries)
                .containsOnly(org.assertj.core.groups.Tuple.tuple(1, 0));
    }

    @Test
    void an_operator_takes_a_run_away_in_its_own_organisation_only() {
        UUID run = truth.post("t").run();
        truth.start(node);
        var releases = new Releases(truth.jdbi);

        assertThat(truth.tx(() -> releases.takeAway(UUID.randomUUID(), run))).isFalse();
        assertThat(truth.tx(() -> releases.takeAway(truth.org, run))).isTrue();
        assertThat(truth.tx(() -> releases.takeAway(truth.org, run))).isFalse();
    }

    @Test
    void a_finished_step_begins_a_new_count() {
        UUID run = truth.post("t").run();
        Claim claim = truth.start(node);
        truth.fork(new Fork(claim.fence(), "n", 0, new Voided.Nothing(), Fork.Cause.FAILED_CALL, "reset"));

        assertThat(truth.tx(() ->
                        new Attempts(truth.jdbi).stepFinished(claim.fence().withEpoch(2), "{}", "{}")))
                .isTrue();
        assertThat(truth.run(run).attempt()).isEqualTo(1);
    }

    @Test
    void a_thread_without_a_seat_is_found_and_gets_one() {
        truth.post("fine");
        truth.post("fine");
        UUID first = truth.post("stuck").run();
        var second = truth.post("stuck");
        truth.execute("update runs set state = 'WAITING' where run_id = '" + first + "'");

        assertThat(truth.janitor.stuckThreads()).containsExactly(second.thread());
        assertThat(truth.tx(() -> truth.janitor.promoteStuck(second.thread()))).contains(first);
        assertThat(truth.tx(() -> truth.janitor.promoteStuck(second.thread()))).isEmpty();
        assertThat(truth.janitor.stuckThreads()).isEmpty();
    }

    @Test
    void segments_go_some_time_after_the_terminal_and_the_terminal_stays() {
        truth.post("t");
        Claim old = truth.start(node);
        truth.flush(Truth.opening(old, "a"));
        var finished = (Finished) truth.complete(old.fence());
        truth.post("t");
        Claim recent = truth.start(node);
        truth.complete(recent.fence());
        truth.execute(
                "update runs set finished_at = finished_at - interval '16 minutes' where run_id = '" + old.run() + "'");

        assertThat(truth.tx(truth.janitor::deleteOldSegments)).isEqualTo(2);

        var snapshot = truth.snapshots.read(old.run(), 0).orElseThrow();
        assertThat(snapshot.segmentsKept()).isFalse();
        assertThat(snapshot.terminal()).contains(finished.terminal());
        assertThat(truth.snapshots.read(recent.run(), 0).orElseThrow().segmentsKept())
                .isTrue();
    }

    @Test
    void nodes_that_are_long_gone_and_old_tickets_go() {
        truth.execute("""
                insert into nodes (node_id, boot_id, lock_key, lock_held, renewed_at, lease_until) values
                  ('gone', gen_random_uuid(), 1, true, now() - interval '2 hours', now() - interval '2 hours'),
                  ('here', gen_random_uuid(), 2, true, now(), now())""");
        truth.execute("""
                insert into tickets (hash, org_id, subject, role, scopes, resource, expires_at) values
                  ('\\x01', gen_random_uuid(), 's', 'member', '{}', '/', now() - interval '1 second'),
                  ('\\x02', gen_random_uuid(), 's', 'member', '{}', '/', now() + interval '1 hour')""");

        assertThat(truth.tx(truth.janitor::deleteDeadNodes)).isEqualTo(1);
        assertThat(truth.tx(truth.janitor::deleteExpiredTickets)).isEqualTo(1);
        assertThat(new Nodes(truth.jdbi).list()).extracting(NodeView::name).containsExactly("here");
    }

    @Test
    void chores_are_left_to_the_node_that_is_at_them() {
        truth.tx.run(() -> {
            truth.janitor.deleteDeadNodes();
            assertThat(Race.of(1, () -> truth.tx(truth.janitor::deleteOldSegments)))
                    .containsExactly(0);
        });
    }

    @Test
    void all_questions_answered_makes_a_paused_run_ready_in_its_seat() {
        UUID run = truth.post("t").run();
        UUID next = truth.post("other").run();
        Claim claim = truth.claim(node, 2).stream()
                .filter(c -> c.run().equals(run))
                .findFirst()
                .orElseThrow();
        truth.open(Opening.first(claim.fence(), "n"));
        var yes = Truth.text("yes");
        var no = Truth.text("no");

        assertThat(truth.tx(() -> truth.pauses.pause(
                        claim.fence(), List.of(Question.open("c1", "approval", yes), Question.open("c2", "tool", no)))))
                .isEqualTo(new PauseResult.Paused());
        assertThat(truth.claim(node, 5)).isEmpty();
        assertThat(answer(run, "c1", yes)).isEqualTo(new AnswerResult.MoreToAnswer());
        assertThat(answer(run, "c1", yes)).isEqualTo(new AnswerResult.Repeated());
        assertThat(answer(run, "c1", no)).isEqualTo(new AnswerResult.Conflict());
        assertThat(answer(run, "c3", no)).isEqualTo(new AnswerResult.Unknown());
        assertThat(answer(run, "c2", no)).isEqualTo(new AnswerResult.Resumed(run, claim.thread(), claim.org()));
        assertThat(truth.claimOne(node)).returns(run, Claim::run).returns(1, Claim::attempt);
        assertThat(truth.pauses.questions(run))
                .extracting(Question::answer)
                .containsExactly(Optional.of(yes), Optional.of(no));
        assertThat(next).isNotNull();
    }

    private AnswerResult answer(UUID run, String call, com.fasterxml.jackson.databind.JsonNode answer) {
        return truth.tx(() -> truth.pauses.answer(truth.ann, run, call, answer));
    }

    @Test
    void a_run_with_a_pending_cancel_is_not_paused_and_a_paused_one_is_cancelled_at_once() {
        UUID run = truth.post("t").run();
        Claim claim = truth.start(node);
        truth.cancel(run);
        assertThat(truth.tx(() -> truth.pauses.pause(claim.fence(), List.of())))
                .isEqualTo(new PauseResult.CancelRequested());
        truth.complete(claim.fence());

        UUID second = truth.post("t").run();
        Claim paused = truth.start(node);
        truth.tx(() -> truth.pauses.pause(paused.fence(), List.of()));
        var cancelled = (CancelResult.Cancelled) truth.cancel(second);
        assertThat(cancelled.terminal().epoch()).isEqualTo(2);
    }
}
