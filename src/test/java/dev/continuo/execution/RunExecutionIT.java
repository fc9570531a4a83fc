package dev.continuo.execution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.continuo.intake.Acceptance.Accepted;
import dev.continuo.intake.OnBusy;
import dev.continuo.live.LiveUnavailable;
import dev.continuo.log.AnswerParts;
import dev.continuo.log.Chunk;
import dev.continuo.log.Chunks;
import dev.continuo.log.EpochBase;
import dev.continuo.log.LiveMessage;
import dev.continuo.log.RecordCodec;
import dev.continuo.model.Usage;
import dev.continuo.nats.NatsConnections;
import dev.continuo.run.Attempt;
import dev.continuo.run.Claim;
import dev.continuo.run.GiveBack;
import dev.continuo.run.OnTakeover;
import dev.continuo.run.RunState;
import dev.continuo.run.Steps;
import dev.continuo.run.Truth;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.MemoryLiveLog;
import dev.continuo.testkit.Nats;
import dev.continuo.testkit.ScriptedProvider;
import dev.continuo.thread.StoredMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One claim's story on a real database, against a real provider over HTTP. */
class RunExecutionIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    private static ScriptedProvider provider;
    private static NatsConnections nats;

    private final Truth truth = Truth.fresh();
    private final MemoryLiveLog live = new MemoryLiveLog();
    private final TestNode first = node("first");
    private final TestNode second = node("second");

    @BeforeAll
    static void servers() {
        provider = ScriptedProvider.launch();
        nats = NatsConnections.to(Nats.shared().url());
    }

    @AfterAll
    static void end() {
        provider.close();
    }

    @Test
    void a_message_is_answered_and_its_answer_is_the_text_of_the_log() {
        var sent = post("many:25");
        first.take();
        awaitState(sent, RunState.COMPLETED);
        assertThat(answer(sent)).isEqualTo(chunks(25));
        assertThat(text(sent)).isEqualTo(chunks(25));
        assertThat(truth.run(sent.run()).sha256()).contains(AnswerParts.sha256(chunks(25)));
        assertThat(published(sent)).startsWith(1).isSorted().doesNotHaveDuplicates();
        assertThat(provider.calls(prompt(sent))).isEqualTo(1);
    }

    @Test
    void a_cancel_keeps_what_was_said_as_partial() {
        var sent = post("slow:500x20");
        first.take();
        awaitCommitted(sent, 5);
        truth.cancel(sent.run());
        first.executor.cancelRequested(sent.run());
        awaitState(sent, RunState.CANCELLED);
        assertThat(chunks(500)).startsWith(answer(sent));
        assertThat(complete(sent)).isFalse();
        Await.until("the provider is let go", SOON, () -> provider.open(prompt(sent)) == 0);
    }

    @Test
    void the_owner_learns_of_a_cancel_by_its_next_flush() {
        var sent = post("slow:500x20");
        first.take();
        awaitCommitted(sent, 3);
        truth.cancel(sent.run());
        awaitState(sent, RunState.CANCELLED);
    }

    @Test
    void a_full_provider_is_waited_for_and_costs_no_attempt() {
        var sent = post("fail:503x1 many:3");
        first.take();
        awaitState(sent, RunState.READY);
        var waiting = truth.run(sent.run());
        assertThat(waiting.attempt()).isZero();
        assertThat(waiting.tries()).isEqualTo(1);
        truth.execute("update runs set ready_at = clock_timestamp() where run_id = '%s'".formatted(sent.run()));
        second.take();
        awaitState(sent, RunState.COMPLETED);
        assertThat(answer(sent)).isEqualTo(chunks(3));
        assertThat(truth.run(sent.run()).attempt()).isEqualTo(1);
    }

    @Test
    void a_stream_that_is_cut_is_asked_again_and_nothing_that_was_shown_is_taken_back() {
        var sent = post("cut:6x1 slow:12x30");
        first.take();
        awaitState(sent, RunState.COMPLETED);
        assertThat(answer(sent)).isEqualTo(chunks(12));
        assertThat(bases(sent)).hasSize(2).allMatch(b -> b.voided().isEmpty() && !b.voidedUnknown());
        assertThat(bases(sent).getLast().base()).isGreaterThan(3);
        assertThat(endings(sent)).containsExactly(Attempt.Ending.FAILED, Attempt.Ending.ANSWERED);
        assertThat(truth.run(sent.run()).attempt()).isEqualTo(2);
    }

    @Test
    void a_second_call_that_says_something_else_takes_back_only_what_differs() {
        var sent = post("cut:6x1 slow:12x30 diverge:4");
        first.take();
        awaitState(sent, RunState.COMPLETED);
        assertThat(answer(sent)).isEqualTo(chunks(3) + others(4, 12)).isEqualTo(text(sent));
        assertThat(bases(sent)).hasSize(3);
        assertThat(bases(sent).getLast().base()).isBetween(3, 6);
        assertThat(bases(sent).getLast().reason()).isEqualTo("difference");
        assertThat(truth.run(sent.run()).attempt())
                .as("a difference costs none")
                .isEqualTo(2);
    }

    @Test
    void an_end_without_a_finish_reason_is_never_complete() {
        var sent = post("eof:4");
        first.take();
        awaitState(sent, RunState.FAILED);
        assertThat(truth.run(sent.run()).errorCode()).contains("attempts_exhausted");
        assertThat(provider.calls(prompt(sent))).isEqualTo(3);
        assertThat(answer(sent)).isEqualTo(chunks(4));
        assertThat(complete(sent)).isFalse();
        assertThat(endings(sent)).containsOnly(Attempt.Ending.FAILED).hasSize(3);
        assertThat(bases(sent).getLast().base()).isGreaterThan(3);
    }

    @Test
    void a_refused_request_fails_at_once() {
        var sent = post("fail:400");
        first.take();
        awaitState(sent, RunState.FAILED);
        assertThat(provider.calls(prompt(sent))).isEqualTo(1);
        assertThat(truth.run(sent.run()).errorText().orElseThrow()).isNotBlank();
    }

    @Test
    void a_taken_over_run_goes_on_where_it_was_and_its_zombie_stays_invisible() {
        var sent = post("slow:60x40");
        var lost = first.take();
        awaitCommitted(sent, 5);
        orphan(sent);
        var claim = second.take();
        awaitState(sent, RunState.COMPLETED);
        assertThat(claim.epoch()).isEqualTo(lost.epoch() + 1);
        assertThat(answer(sent)).isEqualTo(chunks(60));
        assertThat(bases(sent)).hasSize(2);
        assertThat(bases(sent).getLast().base()).isGreaterThanOrEqualTo(5);
        Await.until("the zombie has stopped", SOON, () -> first.executor.activeRuns() == 0);
        assertThat(first.stats.lost().sum()).isEqualTo(1);
        assertThat(provider.calls(prompt(sent))).isEqualTo(2);
        assertThat(endings(sent)).containsExactly(Attempt.Ending.LOST, Attempt.Ending.ANSWERED);
        assertThat(truth.attempts(sent.run()).getFirst().usageJson()).isEmpty();
        assertThat(truth.attempts(sent.run()).getLast().usageJson())
                .isEqualTo(truth.run(sent.run()).usageJson())
                .isPresent();
    }

    @Test
    void another_answer_to_the_same_message_is_taken_over_like_any_first_one() {
        var sent = post("slow:30x20");
        first.take();
        awaitState(sent, RunState.COMPLETED);
        var again = (Accepted) truth.regenerate(
                sent.threadShown(), OnBusy.ENQUEUE, sent.answer().toString());
        first.take();
        awaitCommitted(again, 5);
        orphan(again);
        second.take();
        awaitState(again, RunState.COMPLETED);
        assertThat(answer(again)).isEqualTo(chunks(30)).isEqualTo(text(again));
        assertThat(bases(again)).hasSize(2);
        assertThat(prompt(again)).isEqualTo(prompt(sent));
        assertThat(truth.messages
                        .list(truth.ann, sent.thread(), Optional.empty(), 10)
                        .items())
                .extracting(StoredMessage::id)
                .containsExactly(sent.message(), again.answer());
    }

    /** What a dead owner may leave behind, at each kind of record. */
    static Stream<Arguments> remains() {
        UnaryOperator<List<Chunk>> thinking = rest -> {
            var all = new ArrayList<Chunk>(List.of(
                    Chunks.startStep(),
                    Chunks.reasoningStart("r1"),
                    Chunks.reasoningDelta("r1", "thought-1 thou"),
                    Chunks.reasoningDelta("r1", "ght-2 ")));
            all.addAll(rest);
            return all;
        };
        return Stream.of(
                Arguments.of("start", "many:5", List.of()),
                Arguments.of("start-step", "many:5", List.of(Chunks.startStep())),
                Arguments.of("text-start", "many:5", List.of(Chunks.startStep(), Chunks.textStart("t1"))),
                Arguments.of(
                        "inside a word",
                        "many:5",
                        List.of(Chunks.startStep(), Chunks.textStart("t1"), Chunks.textDelta("t1", "chunk-1 chu"))),
                Arguments.of(
                        "all the text",
                        "many:2",
                        List.of(
                                Chunks.startStep(),
                                Chunks.textStart("t1"),
                                Chunks.textDelta("t1", "chunk-1 "),
                                Chunks.textDelta("t1", "chunk-2 "))),
                Arguments.of(
                        "text-end",
                        "many:1",
                        List.of(
                                Chunks.startStep(),
                                Chunks.textStart("t1"),
                                Chunks.textDelta("t1", "chunk-1 "),
                                Chunks.textEnd("t1"))),
                Arguments.of("inside reasoning", "think:2 many:3", thinking.apply(List.of())),
                Arguments.of("between parts", "think:2 many:3", thinking.apply(List.of(Chunks.reasoningEnd("r1")))),
                Arguments.of(
                        "at the next part",
                        "think:2 many:3",
                        thinking.apply(List.of(Chunks.reasoningEnd("r1"), Chunks.textStart("t2")))),
                Arguments.of(
                        "inside a tool call",
                        "tool:weather {\"city\": \"Rome\"}",
                        List.of(Chunks.startStep(), Chunks.toolInputStart("call_dead", "weather"))),
                Arguments.of(
                        "after a tool call",
                        "tool:weather {\"city\": \"Rome\"}",
                        List.of(
                                Chunks.startStep(),
                                Chunks.toolInputStart("call_dead", "weather"),
                                Chunks.toolInputAvailable(
                                        "call_dead",
                                        "weather",
                                        JsonNodeFactory.instance.objectNode().put("city", "Rome")))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("remains")
    void a_death_at_any_record_is_invisible(String where, String script, List<Chunk> said) {
        var sent = post(script);
        var dead = truth.start(Truth.node("dead"));
        int shown = write(dead, said);
        orphan(sent);
        second.take();
        awaitState(sent, RunState.COMPLETED);
        assertThat(bases(sent)).extracting(EpochBase::base).containsExactly(0, shown);
        assertThat(bases(sent)).allMatch(b -> b.voided().isEmpty());
        var undisturbed = post(script);
        first.take();
        awaitState(undisturbed, RunState.COMPLETED);
        assertThat(parts(sent).replace("call_dead", "call_1_0")).isEqualTo(parts(undisturbed));
        assertThat(provider.calls(prompt(sent))).isEqualTo(provider.calls(prompt(undisturbed)));
    }

    @Test
    void another_text_after_a_death_takes_back_only_what_differs() {
        var sent = post("many:5");
        var dead = truth.start(Truth.node("dead"));
        int shown = write(
                dead,
                List.of(
                        Chunks.startStep(),
                        Chunks.textStart("t1"),
                        Chunks.textDelta("t1", "chunk-1 "),
                        Chunks.textDelta("t1", "chunk-2 or not "),
                        Chunks.textEnd("t1")));
        orphan(sent);
        second.take();
        awaitState(sent, RunState.COMPLETED);
        assertThat(answer(sent)).isEqualTo(chunks(5));
        assertThat(bases(sent)).extracting(EpochBase::base).containsExactly(0, shown, 4);
        assertThat(bases(sent).getLast().voided()).hasValue(shown);
        assertThat(truth.run(sent.run()).attempt()).isEqualTo(2);
        assertThat(second.stats.takeovers().sum()).isEqualTo(1);
    }

    @Test
    void who_wished_to_begin_anew_does_and_who_wished_to_fail_fails() {
        var anew = post("many:3", OnTakeover.RESTART);
        var dead = truth.start(Truth.node("dead"));
        int shown =
                write(dead, List.of(Chunks.startStep(), Chunks.textStart("t1"), Chunks.textDelta("t1", "chunk-1 ")));
        orphan(anew);
        second.take();
        awaitState(anew, RunState.COMPLETED);
        assertThat(bases(anew)).extracting(EpochBase::base).containsExactly(0, shown, 0);
        assertThat(truth.run(anew.run()).attempt()).isEqualTo(2);
        assertThat(answer(anew)).isEqualTo(chunks(3));

        var lost = post("many:3", OnTakeover.FAIL);
        write(
                truth.start(Truth.node("dead")),
                List.of(Chunks.startStep(), Chunks.textStart("t1"), Chunks.textDelta("t1", "chunk-1 ")));
        orphan(lost);
        second.take();
        awaitState(lost, RunState.FAILED);
        assertThat(truth.run(lost.run()).errorCode()).contains("owner_lost");
        assertThat(answer(lost)).isEqualTo(chunks(1));
        assertThat(provider.calls(prompt(lost))).isZero();
    }

    @Test
    void a_full_provider_after_a_death_is_waited_for_and_takes_nothing_back() {
        var sent = post("fail:429x1 many:4");
        int shown = write(
                truth.start(Truth.node("dead")),
                List.of(Chunks.startStep(), Chunks.textStart("t1"), Chunks.textDelta("t1", "chunk-1 chunk-")));
        orphan(sent);
        second.take();
        awaitState(sent, RunState.READY);
        assertThat(truth.run(sent.run()).attempt()).isEqualTo(1);
        truth.execute("update runs set ready_at = clock_timestamp() where run_id = '%s'".formatted(sent.run()));
        first.take();
        awaitState(sent, RunState.COMPLETED);
        assertThat(answer(sent)).isEqualTo(chunks(4));
        assertThat(bases(sent)).extracting(EpochBase::base).containsExactly(0, shown, shown);
        assertThat(endings(sent)).containsExactly(Attempt.Ending.REFUSED, Attempt.Ending.ANSWERED);
    }

    @Test
    void a_cancel_is_heard_while_nothing_new_is_said() {
        var sent = post("slow:500x20");
        write(
                truth.start(Truth.node("dead")),
                List.of(Chunks.startStep(), Chunks.textStart("t1"), Chunks.textDelta("t1", chunks(400))));
        orphan(sent);
        second.take();
        Await.until("the provider speaks", SOON, () -> provider.open(prompt(sent)) == 1);
        truth.cancel(sent.run());
        second.executor.cancelRequested(sent.run());
        awaitState(sent, RunState.CANCELLED);
        assertThat(answer(sent)).isEqualTo(chunks(400));
        assertThat(endings(sent)).containsExactly(Attempt.Ending.CANCELLED);
    }

    @Test
    void three_broken_calls_after_a_long_text_leave_that_text() {
        var sent = post("cut:3 slow:9x10");
        write(
                truth.start(Truth.node("dead")),
                List.of(Chunks.startStep(), Chunks.textStart("t1"), Chunks.textDelta("t1", chunks(8))));
        orphan(sent);
        second.take();
        awaitState(sent, RunState.FAILED);
        assertThat(truth.run(sent.run()).errorCode()).contains("attempts_exhausted");
        assertThat(answer(sent)).isEqualTo(chunks(8));
        assertThat(complete(sent)).isFalse();
        assertThat(provider.calls(prompt(sent))).as("one died before").isEqualTo(2);
    }

    @Test
    void what_was_shown_but_not_committed_is_adopted() throws Exception {
        var sent = post("many:3");
        var dead = truth.start(Truth.node("dead"));
        var shown = Truth.records(
                dead.epoch(), 1, List.of(Chunks.start(dead.answerId()), Chunks.startStep(), Chunks.textStart("t1")));
        live.publish(
                sent.thread(),
                sent.run(),
                new LiveMessage.Batch(dead.epoch(), LiveMessage.claim8(dead.claimId()), shown),
                0);
        orphan(sent);
        second.take();
        awaitState(sent, RunState.COMPLETED);
        assertThat(bases(sent)).extracting(EpochBase::base).containsExactly(0, 3);
    }

    @Test
    void a_log_that_is_complete_is_finished_without_asking_the_model() {
        var sent = post("many:2");
        var dead = truth.start(Truth.node("dead"));
        truth.flushUntilCommitted(Truth.item(dead.fence(), 1, wholeAnswer(dead, "all of it")));
        orphan(sent);
        second.take();
        awaitState(sent, RunState.COMPLETED);
        assertThat(answer(sent)).isEqualTo("all of it");
        assertThat(provider.calls(prompt(sent))).isZero();
    }

    @Test
    void a_fourth_death_fails_the_run_and_keeps_its_text() {
        var sent = post("many:2");
        for (int death = 1; death <= 3; death++) {
            truth.start(Truth.node("dead" + death));
            orphan(sent);
        }
        second.take();
        awaitState(sent, RunState.FAILED);
        assertThat(truth.run(sent.run()).errorCode()).contains("attempts_exhausted");
        assertThat(provider.calls(prompt(sent))).isZero();
    }

    @Test
    void a_hand_over_gives_the_attempt_back_and_the_next_node_ends_the_run() throws InterruptedException {
        var sent = post("slow:60x30");
        first.take();
        awaitCommitted(sent, 5);
        first.executor.handOver();
        assertThat(first.executor.awaitIdle(SOON)).isTrue();
        assertThat(truth.run(sent.run()).state()).isEqualTo(RunState.READY);
        assertThat(truth.run(sent.run()).attempt()).isZero();
        second.take();
        awaitState(sent, RunState.COMPLETED);
        assertThat(answer(sent)).isEqualTo(chunks(60));
    }

    @Test
    void without_a_broker_everything_ends_right() {
        live.goAway();
        var sent = post("many:30");
        first.take();
        awaitState(sent, RunState.COMPLETED);
        assertThat(answer(sent)).isEqualTo(chunks(30));
    }

    @Test
    void a_healthy_owner_goes_on_after_the_broker_lost_everything() {
        var sent = post("slow:40x20");
        first.take();
        awaitCommitted(sent, 5);
        live.loseEverything();
        awaitState(sent, RunState.COMPLETED);
        assertThat(answer(sent)).isEqualTo(chunks(40));
        assertThat(published(sent)).isNotEmpty();
        assertThat(first.stats.lost().sum()).isZero();
    }

    @Test
    void a_run_released_while_its_provider_is_silent_is_given_back_to_the_next_node() {
        var sent = post("hang:2x1 many:6");
        var claim = first.take();
        awaitCommitted(sent, 3);
        truth.release(claim.fence(), GiveBack.HAND_OVER, Duration.ZERO);
        second.take();
        awaitState(sent, RunState.COMPLETED);
        first.executor.lost(sent.run(), claim.claimId());
        Await.until("the first owner lets go", SOON, () -> first.executor.activeRuns() == 0);
        assertThat(answer(sent)).isEqualTo(chunks(6));
    }

    @Test
    void a_record_the_database_will_never_take_fails_its_run_and_no_other() {
        var picky = new TestNode("picky", truth, Steps.on(truth).refusingAbove(12), live, nats, provider.baseUrl());
        var poisoned = post("slow:40x30");
        picky.take();
        awaitState(poisoned, RunState.FAILED);
        assertThat(truth.run(poisoned.run()).errorCode()).contains("record_refused");
        assertThat(answer(poisoned)).isEqualTo(text(poisoned)).isNotEmpty();
        assertThat(complete(poisoned)).isFalse();
        assertThat(bases(poisoned)).hasSize(2);
        var healthy = post("many:3");
        picky.take();
        awaitState(healthy, RunState.COMPLETED);
    }

    private TestNode node(String name) {
        return new TestNode(name, truth, live, nats, provider.baseUrl());
    }

    /** The text is unique, because the provider counts calls by it. */
    private Accepted post(String script) {
        return post(script, OnTakeover.CONTINUE);
    }

    private Accepted post(String script, OnTakeover wish) {
        var key = UUID.randomUUID().toString();
        return (Accepted) truth.send(truth.message(UUID.randomUUID().toString(), key, script + " # " + key, wish));
    }

    /** What an owner had committed when it died, after its {@code start}; the last idx. */
    private int write(Claim dead, List<Chunk> said) {
        var all = new ArrayList<Chunk>(List.of(Chunks.start(dead.answerId())));
        all.addAll(said);
        truth.flushUntilCommitted(Truth.item(dead.fence(), 1, all));
        return all.size();
    }

    private List<Attempt.Ending> endings(Accepted sent) {
        return truth.attempts(sent.run()).stream()
                .map(a -> a.ending().orElseThrow())
                .toList();
    }

    private String parts(Accepted sent) {
        return truth.messages.answerOf(sent.run()).orElseThrow().parts().toString();
    }

    private static String others(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> "other-" + i + " ").collect(Collectors.joining());
    }

    private String prompt(Accepted sent) {
        return truth.messages
                .ofRun(sent.run())
                .getFirst()
                .parts()
                .get(0)
                .path("text")
                .asText();
    }

    private void awaitState(Accepted sent, RunState state) {
        Await.until("the run is " + state, SOON, () -> truth.run(sent.run()).state() == state);
    }

    private void awaitCommitted(Accepted sent, int idx) {
        Await.until(
                "idx " + idx + " is committed",
                SOON,
                () -> truth.run(sent.run()).committedIdx() >= idx);
    }

    private void orphan(Accepted sent) {
        truth.execute("""
                update runs set state = 'READY', owner = null, owner_boot = null, ready_at = clock_timestamp()
                where run_id = '%s' and state = 'RUNNING'""".formatted(sent.run()));
    }

    private String answer(Accepted sent) {
        return truth.messages.answerOf(sent.run()).stream()
                .flatMap(m -> m.parts().findValuesAsText("text").stream())
                .collect(Collectors.joining());
    }

    private boolean complete(Accepted sent) {
        return truth.messages.answerOf(sent.run()).orElseThrow().complete();
    }

    private String text(Accepted sent) {
        var records = truth.snapshots.read(sent.run(), 0).orElseThrow().segments().stream()
                .flatMap(s -> RecordCodec.decode(s.payload(), s.first(), s.epoch()).stream())
                .toList();
        return AnswerParts.fold(records).text();
    }

    private List<EpochBase> bases(Accepted sent) {
        return truth.snapshots.read(sent.run(), 0).orElseThrow().bases();
    }

    private List<Integer> published(Accepted sent) {
        try {
            return live.replay(sent.thread(), sent.run(), 0).stream()
                    .flatMap(d -> d.message() instanceof LiveMessage.Batch batch
                            ? batch.records().stream().map(r -> r.idx())
                            : IntStream.empty().boxed())
                    .toList();
        } catch (LiveUnavailable e) {
            throw new AssertionError(e);
        }
    }

    private static List<Chunk> wholeAnswer(Claim claim, String text) {
        return List.of(
                Chunks.start(claim.answerId()),
                Chunks.startStep(),
                Chunks.textStart("t1"),
                Chunks.textDelta("t1", text),
                Chunks.textEnd("t1"),
                Chunks.finishStep().withMeta(Chunks.finalMeta("stop", Usages.json(Usage.NONE))));
    }

    private static String chunks(int n) {
        return IntStream.rangeClosed(1, n).mapToObj(i -> "chunk-" + i + " ").collect(Collectors.joining());
    }
}
