package dev.continuo.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.continuo.intake.Acceptance.Accepted;
import dev.continuo.intake.Acceptance.Again;
import dev.continuo.intake.Acceptance.Busy;
import dev.continuo.intake.Acceptance.Conflict;
import dev.continuo.intake.Acceptance.Effects;
import dev.continuo.intake.Acceptance.QueueFull;
import dev.continuo.intake.Acceptance.UnknownThread;
import dev.continuo.run.Claim;
import dev.continuo.run.FinishResult;
import dev.continuo.run.PauseResult;
import dev.continuo.run.Question;
import dev.continuo.run.Race;
import dev.continuo.run.RunOptions;
import dev.continuo.run.RunState;
import dev.continuo.run.Truth;
import dev.continuo.thread.StoredMessage;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AcceptIT {
    private final Truth truth = Truth.fresh();

    @Test
    void the_same_message_sent_eight_times_at_once_is_stored_once_with_one_set_of_ids() {
        var message = truth.message("new-thread", "key", "hello");

        var acceptances = Race.of(8, () -> (Accepted) truth.send(message));

        assertThat(acceptances)
                .extracting(Accepted::thread, Accepted::message, Accepted::run, Accepted::answer)
                .containsOnly(org.assertj.core.groups.Tuple.tuple(
                        acceptances.getFirst().thread(),
                        acceptances.getFirst().message(),
                        acceptances.getFirst().run(),
                        acceptances.getFirst().answer()));
        assertThat(acceptances).filteredOn(a -> a.again() == Again.FIRST).hasSize(1);
        assertThat(truth.one("select count(*) from messages", int.class)).isEqualTo(1);
        assertThat(truth.one("select count(*) from runs", int.class)).isEqualTo(1);
        assertThat(truth.one("select count(*) from threads", int.class)).isEqualTo(1);
    }

    @Test
    void the_first_answer_says_what_a_later_look_finds() {
        for (String thread : List.of("new", "old")) {
            if (thread.equals("old")) {
                truth.post("old");
                truth.complete(truth.start(Truth.node("n")).fence());
            }
            var message = truth.message(thread, "key", "hello");
            var first = (Accepted) truth.send(message);
            var repeated = (Accepted) truth.send(message);
            assertThat(first).usingRecursiveComparison().ignoringFields("again").isEqualTo(repeated);
            truth.cancel(first.run());
        }
    }

    @Test
    void another_body_under_the_same_key_is_a_conflict_and_the_order_of_fields_is_not() {
        var first = (Accepted) truth.send(parts("key", "[{\"type\":\"text\",\"text\":\"a\",\"x\":{\"b\":1,\"a\":2}}]"));

        var same = (Accepted) truth.send(parts("key", "[{\"x\":{\"a\":2,\"b\":1},\"text\":\"a\",\"type\":\"text\"}]"));
        var other = truth.send(parts("key", "[{\"type\":\"text\",\"text\":\"b\"}]"));

        assertThat(same.run()).isEqualTo(first.run());
        assertThat(same.again()).isEqualTo(Again.REPEATED);
        assertThat(other).isEqualTo(new Conflict(first.message(), first.run()));
    }

    @Test
    void what_jsonb_refuses_is_replaced_and_the_repeat_is_recognised() {
        String nasty = "[{\"type\":\"text\",\"text\":\"a\\u0000b\\ud800c\\udc00 \\ud83d\\ude00\"}]";

        var accepted = (Accepted) truth.send(parts("key", nasty));

        assertThat(truth.messages
                        .ofRun(accepted.run())
                        .getFirst()
                        .parts()
                        .get(0)
                        .path("text")
                        .asText())
                .isEqualTo("a\uFFFDb\uFFFDc\uFFFD \uD83D\uDE00");
        assertThat(((Accepted) truth.send(parts("key", nasty))).again()).isEqualTo(Again.REPEATED);
    }

    @Test
    void the_first_run_of_a_thread_is_ready_and_the_next_ones_wait_in_their_order() {
        assertThat(truth.post("t")).returns(RunState.READY, Accepted::state).returns(0, Accepted::position);
        assertThat(truth.post("t")).returns(RunState.WAITING, Accepted::state).returns(1, Accepted::position);
        assertThat(truth.post("t")).returns(RunState.WAITING, Accepted::state).returns(2, Accepted::position);
    }

    @Test
    void a_thread_is_found_by_our_id_and_by_the_clients() {
        var first = truth.post("chat-1");
        var second = truth.post(first.thread().toString());

        assertThat(first.threadShown()).isEqualTo("chat-1");
        assertThat(second.thread()).isEqualTo(first.thread());
        assertThat(truth.threads.find(truth.ann, "chat-1").orElseThrow().title().orElseThrow())
                .startsWith("question");
    }

    @Test
    void a_thread_of_another_member_is_unknown() {
        truth.post("chat-1");
        var bob = new SentMessage(
                truth.org,
                "bob",
                Optional.of("chat-1"),
                Optional.empty(),
                "user",
                Truth.text("hi"),
                Optional.empty(),
                RunOptions.none(),
                OnBusy.ENQUEUE);

        assertThat(truth.send(bob)).isEqualTo(new UnknownThread());
        assertThat(truth.one("select count(*) from runs", int.class)).isEqualTo(1);
    }

    @Test
    void who_does_not_want_to_wait_is_told_what_runs() {
        var first = truth.post("t");

        assertThat(truth.send(busy("now", OnBusy.REJECT))).isEqualTo(new Busy(first.run()));
    }

    @Test
    void an_interrupt_cancels_the_running_run_and_is_next_before_what_waits() {
        var first = truth.post("t");
        var second = truth.post("t");
        var third = truth.post("t");
        Claim claim = truth.start(Truth.node("n"));
        truth.flushOne(Truth.opening(claim, "half ", "an answer"));

        var urgent = (Accepted) truth.send(busy("urgent", OnBusy.INTERRUPT));

        assertThat(urgent.effects().interrupted()).containsExactly(first.run());
        assertThat(urgent).returns(RunState.WAITING, Accepted::state).returns(1, Accepted::position);
        assertThat(order()).containsExactly(first.run(), urgent.run(), second.run(), third.run());
        assertThat(truth.run(first.run()).cancelRequestedAt()).isPresent();

        var finished = (FinishResult.Finished) truth.complete(claim.fence());

        assertThat(finished.promoted()).contains(urgent.run());
        assertThat(truth.run(first.run()).state()).isEqualTo(RunState.CANCELLED);
        assertThat(truth.messages.answerOf(first.run()))
                .hasValueSatisfying(a -> assertThat(a.complete()).isFalse());
        assertThat(truth.promptOf(urgent.thread(), turn(urgent.run())))
                .extracting(StoredMessage::run)
                .containsExactly(first.run(), first.run(), urgent.run());
    }

    @Test
    void an_interrupt_of_a_run_that_nobody_works_on_has_its_seat_at_once() {
        var first = truth.post("t");
        var second = truth.post("t");

        var urgent = (Accepted) truth.send(busy("urgent", OnBusy.INTERRUPT));

        assertThat(urgent).returns(RunState.READY, Accepted::state).returns(0, Accepted::position);
        assertThat(truth.run(first.run()).state()).isEqualTo(RunState.CANCELLED);
        assertThat(truth.run(second.run()).state()).isEqualTo(RunState.WAITING);
        assertThat(urgent.effects()).isEqualTo(new Effects(List.of(), Optional.empty()));
    }

    @Test
    void an_interrupt_of_a_paused_run_cancels_it_with_its_questions() {
        var first = truth.post("t");
        Claim claim = truth.start(Truth.node("n"));
        truth.flushOne(Truth.opening(claim, "may I?"));
        truth.tx(() ->
                truth.pauses.pause(claim.fence(), List.of(Question.open("c1", "approval", Truth.text("may I?")))));

        var urgent = (Accepted) truth.send(busy("urgent", OnBusy.INTERRUPT));

        assertThat(truth.run(first.run()).state()).isEqualTo(RunState.CANCELLED);
        assertThat(truth.messages.answerOf(first.run())).isPresent();
        assertThat(urgent.state()).isEqualTo(RunState.READY);
    }

    @Test
    void an_interrupt_sent_again_cancels_nothing_more() {
        truth.post("t");
        truth.start(Truth.node("n"));
        var urgent = (Accepted) truth.send(busy("urgent", OnBusy.INTERRUPT));
        var behind = truth.post("t");

        var again = (Accepted) truth.send(busy("urgent", OnBusy.INTERRUPT));

        assertThat(again)
                .returns(urgent.run(), Accepted::run)
                .returns(Again.REPEATED, Accepted::again)
                .returns(Effects.none(), Accepted::effects);
        assertThat(truth.run(behind.run()).state()).isEqualTo(RunState.WAITING);
    }

    @Test
    void the_last_of_two_interrupts_is_next_and_one_that_was_removed_is_in_nobodys_way() {
        var first = truth.post("t");
        truth.start(Truth.node("n"));
        var waits = truth.post("t");
        var removed = truth.post("t");
        truth.cancel(removed.run());

        var one = (Accepted) truth.send(busy("one", OnBusy.INTERRUPT));
        var two = (Accepted) truth.send(busy("two", OnBusy.INTERRUPT));
        var last = truth.post("t");

        assertThat(order()).containsExactly(first.run(), two.run(), one.run(), waits.run(), removed.run(), last.run());
    }

    @Test
    void interrupts_at_once_each_have_a_place_of_their_own() {
        truth.post("t");
        truth.start(Truth.node("n"));
        var names = new AtomicInteger();

        Race.of(6, () -> truth.send(busy("urgent-" + names.incrementAndGet(), OnBusy.INTERRUPT)));

        assertThat(truth.one("select count(distinct turn) from runs", int.class))
                .isEqualTo(7);
        assertThat(truth.one(
                        "select count(*) from runs r join messages m using (run_id) where m.turn = r.turn", int.class))
                .isEqualTo(7);
    }

    @Test
    void writing_on_instead_of_answering_declines_and_waits_behind() {
        var first = truth.post("t");
        Claim claim = truth.start(Truth.node("n"));
        assertThat(truth.tx(() -> truth.pauses.pause(
                        claim.fence(), List.of(Question.open("c1", "approval", Truth.text("may I?"))))))
                .isEqualTo(new PauseResult.Paused());

        var second = truth.post("t");

        assertThat(second.effects().resumed()).contains(first.run());
        assertThat(second.state()).isEqualTo(RunState.WAITING);
        assertThat(truth.run(first.run()))
                .returns(RunState.READY, r -> r.state())
                .returns(0, r -> r.attempt());
        assertThat(truth.pauses
                        .questions(first.run())
                        .getFirst()
                        .answer()
                        .orElseThrow()
                        .path("approved")
                        .asBoolean(true))
                .isFalse();
    }

    @Test
    void a_full_queue_says_when_to_come_back_and_still_recognises_a_repeat() {
        var first = truth.message("t", "first", "hello");
        truth.send(first);
        for (int i = 0; i < 20; i++) {
            truth.post("t");
        }

        assertThat(truth.send(truth.message("t", "one too many", "hello")))
                .isEqualTo(new QueueFull(QueueFull.Scope.THREAD, 20, java.time.Duration.ofSeconds(5)));
        assertThat(truth.send(first)).isInstanceOf(Accepted.class);
    }

    @Test
    void a_full_organisation_makes_no_thread_of_a_message_that_it_refuses() {
        truth.post("t");
        truth.execute(
                "insert into runs (run_id, thread_id, org_id, turn, state, message_id, answer_id) select gen_random_uuid(),"
                        + " thread_id, org_id, 100 + n, 'WAITING', gen_random_uuid(), gen_random_uuid() from threads, generate_series(1, 1000) n");

        assertThat(truth.send(truth.message("new", "first", "hello")))
                .isEqualTo(new QueueFull(QueueFull.Scope.ORGANISATION, 1_000, java.time.Duration.ofSeconds(5)));
        assertThat(truth.one("select count(*) from threads", int.class)).isEqualTo(1);
    }

    private SentMessage parts(String key, String json) {
        try {
            JsonNode parts = new ObjectMapper().readTree(json);
            return new SentMessage(
                    truth.org,
                    "ann",
                    Optional.of("t"),
                    Optional.of(key),
                    "user",
                    parts,
                    Optional.empty(),
                    RunOptions.none(),
                    OnBusy.ENQUEUE);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<UUID> order() {
        return truth.jdbi.withHandle(h -> h.createQuery("select run_id from runs order by turn")
                .mapTo(UUID.class)
                .list());
    }

    private long turn(UUID run) {
        return truth.run(run).turn();
    }

    private SentMessage busy(String key, OnBusy onBusy) {
        return new SentMessage(
                truth.org,
                "ann",
                Optional.of("t"),
                Optional.of(key),
                "user",
                Truth.text("now"),
                Optional.empty(),
                RunOptions.none(),
                onBusy);
    }
}
