package dev.continuo.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.continuo.intake.Acceptance.Accepted;
import dev.continuo.log.AnswerParts;
import dev.continuo.log.Chunk;
import dev.continuo.log.Chunks;
import dev.continuo.log.LogRecord;
import dev.continuo.log.RecordCodec;
import dev.continuo.model.Usage;
import dev.continuo.nats.NatsConnections;
import dev.continuo.run.AnswerResult;
import dev.continuo.run.Attempt;
import dev.continuo.run.Claim;
import dev.continuo.run.OnTakeover;
import dev.continuo.run.Question;
import dev.continuo.run.RunState;
import dev.continuo.run.Steps;
import dev.continuo.run.Truth;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.MemoryLiveLog;
import dev.continuo.testkit.Nats;
import dev.continuo.testkit.ScriptedProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Runs of several steps with tools, on a real database, against a real provider over HTTP. */
class AgentLoopIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String APPROVED = "{\"approved\": true}";
    private static final String DENIED = "{\"approved\": false, \"reason\": \"too dear\"}";
    private static final String TWO_STEPS =
            "think:1 tool:add {\"n\": 1} then tool:add {\"n\": 5} tool:add {\"n\": 6} then many:1";
    private static final String APPROVAL_IN_THE_MIDDLE =
            "tool:add {\"n\": 1} then tool:book {\"n\": 2} tool:add {\"n\": 3} then tool:add {\"n\": 4} then many:2";

    private static ScriptedProvider provider;
    private static NatsConnections nats;

    private final Truth truth = Truth.fresh();
    private final MemoryLiveLog live = new MemoryLiveLog();
    private final TestTools tools = new TestTools();
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
    void the_model_is_told_what_came_of_its_calls_until_it_has_no_more() {
        var sent = post(TWO_STEPS);
        first.take();
        awaitState(sent, RunState.COMPLETED);
        assertThat(types(sent))
                .containsExactly(
                        "start",
                        "start-step",
                        "reasoning-start",
                        "reasoning-delta",
                        "reasoning-end",
                        "tool-input-start",
                        "tool-input-available",
                        "finish-step",
                        "tool-output-available",
                        "start-step",
                        "tool-input-start",
                        "tool-input-available",
                        "tool-input-start",
                        "tool-input-available",
                        "finish-step",
                        "tool-output-available",
                        "tool-output-available",
                        "start-step",
                        "text-start",
                        "text-delta",
                        "text-end",
                        "finish-step",
                        "finish");
        assertThat(tools.calls).extracting(c -> c.input().path("n").asInt()).containsExactlyInAnyOrder(1, 5, 6);
        assertThat(tools.calls.getFirst().idempotencyKey()).isEqualTo(sent.run() + ":7");
        assertThat(provider.calls(prompt(sent))).isEqualTo(3);
        assertThat(truth.attempts(sent.run()))
                .extracting(Attempt::step, Attempt::number, a -> a.ending().orElseThrow())
                .containsExactly(
                        tuple(1, 1, Attempt.Ending.ANSWERED),
                        tuple(2, 1, Attempt.Ending.ANSWERED),
                        tuple(3, 1, Attempt.Ending.ANSWERED));
        int output = truth.attempts(sent.run()).stream()
                .mapToInt(a ->
                        read(a.usageJson().orElseThrow()).path("outputTokens").asInt())
                .sum();
        assertThat(read(truth.run(sent.run()).usageJson().orElseThrow())
                        .path("outputTokens")
                        .asInt())
                .as("of all steps")
                .isEqualTo(output)
                .isPositive();
    }

    @Test
    void what_a_model_does_wrong_it_is_told() {
        var sent = post("tool:nothing {\"n\": 1} tool:add {\"broken tool:broken {} tool:big {} then many:2");
        first.take();
        awaitState(sent, RunState.COMPLETED);
        assertThat(errors(sent))
                .satisfiesExactlyInAnyOrder(
                        e -> assertThat(e).isEqualTo("There is no tool named nothing."),
                        e -> assertThat(e).contains("not valid JSON"),
                        e -> assertThat(e).isEqualTo("The tool failed."),
                        e -> assertThat(e).contains("limit"));
        assertThat(tools.made("add")).isZero();
    }

    @Test
    void arguments_that_are_too_large_are_not_given_to_the_tool() {
        var sent = post("tool:add {\"n\": \"" + "7".repeat(300_000) + "\"} then many:2");
        first.take();
        awaitState(sent, RunState.COMPLETED);
        assertThat(errors(sent)).singleElement().asString().contains("300");
        assertThat(tools.calls).isEmpty();
    }

    @Test
    void an_agent_that_never_ends_is_ended() {
        var sent = post("tool:add {\"n\": 1} forever");
        first.take();
        awaitState(sent, RunState.FAILED);
        assertThat(truth.run(sent.run()).errorCode()).contains("step_limit");
        assertThat(tools.made("add")).isEqualTo(RunTools.STEP_LIMIT - 1);
        assertThat(provider.calls(prompt(sent))).isEqualTo(RunTools.STEP_LIMIT);
        assertThat(errors(sent)).first().asString().contains("limit", "was not called");
    }

    @Test
    void tools_that_are_away_are_waited_for() {
        tools.away = true;
        var sent = post(TWO_STEPS);
        first.take();
        awaitState(sent, RunState.READY);
        assertThat(truth.run(sent.run()).attempt()).isZero();
        assertThat(provider.calls(prompt(sent))).isZero();
        tools.away = false;
        truth.execute("update runs set ready_at = clock_timestamp() where run_id = '%s'".formatted(sent.run()));
        second.take();
        awaitState(sent, RunState.COMPLETED);
    }

    @Test
    void the_next_turn_is_told_of_the_calls_of_this_one() {
        var sent = post("tool:add {\"n\": 1} then many:1");
        first.take();
        awaitState(sent, RunState.COMPLETED);
        var next = (Accepted)
                truth.send(truth.message(sent.threadShown(), UUID.randomUUID().toString(), "many:1"));
        first.take();
        awaitState(next, RunState.COMPLETED);
        int told = read(truth.run(next.run()).usageJson().orElseThrow())
                .path("inputTokens")
                .asInt();
        assertThat(told).as("its prompt holds the calls of the turn before").isGreaterThan(60);
    }

    @Test
    void a_finished_step_begins_a_new_count_of_attempts() {
        var sent = post("tool:add {\"n\": 1} then many:1");
        truth.start(Truth.node("dead"));
        orphan(sent);
        second.take();
        awaitState(sent, RunState.COMPLETED);
        assertThat(truth.attempts(sent.run()))
                .extracting(Attempt::step, Attempt::number)
                .containsExactly(tuple(1, 2), tuple(2, 1));
        assertThat(truth.run(sent.run()).attempt()).isEqualTo(1);
    }

    @Test
    void a_call_that_a_person_allows_is_made_once_and_what_needs_nobody_is_not_kept_waiting() {
        var sent = post(APPROVAL_IN_THE_MIDDLE);
        first.take();
        awaitState(sent, RunState.PAUSED);
        assertThat(truth.run(sent.run()).node()).as("it has no owner").isEmpty();
        assertThat(tools.made("add")).isEqualTo(2);
        assertThat(tools.made("book")).isZero();
        assertThat(types(sent)).endsWith("finish-step", "tool-output-available", "tool-approval-request");
        var question = truth.pauses.questions(sent.run()).getFirst();
        assertThat(question.kind()).isEqualTo(Question.APPROVAL);
        assertThat(question.question().path("input").path("n").asInt()).isEqualTo(2);
        assertThat(question.askedIdx()).isEqualTo(truth.run(sent.run()).committedIdx());

        assertThat(answer(sent, question, "{\"output\": 1}")).isEqualTo(new AnswerResult.OtherKind("approval"));
        assertThat(answer(sent, question, APPROVED)).isInstanceOf(AnswerResult.Resumed.class);
        assertThat(answer(sent, question, APPROVED)).isEqualTo(new AnswerResult.Repeated());
        assertThat(answer(sent, question, DENIED)).isEqualTo(new AnswerResult.Conflict());
        second.take();
        awaitState(sent, RunState.COMPLETED);
        assertThat(answer(sent, question, APPROVED)).isEqualTo(new AnswerResult.Repeated());
        assertThat(tools.made("book")).isEqualTo(1);
        assertThat(tools.made("add")).isEqualTo(3);
        assertThat(truth.run(sent.run()).attempt()).isEqualTo(1);
        var booked = part(sent, "book");
        assertThat(booked.path("state").asText()).isEqualTo("output-available");
        assertThat(booked.path("approval").path("approved").asBoolean()).isTrue();
        assertThat(stored(sent)).isEqualTo(folded(sent));
    }

    @Test
    void a_call_that_a_person_denies_is_not_made_and_the_model_is_told() {
        var sent = post(APPROVAL_IN_THE_MIDDLE);
        first.take();
        awaitState(sent, RunState.PAUSED);
        answer(sent, truth.pauses.questions(sent.run()).getFirst(), DENIED);
        second.take();
        awaitState(sent, RunState.COMPLETED);
        assertThat(tools.made("book")).isZero();
        var denied = part(sent, "book");
        assertThat(denied.path("state").asText()).isEqualTo("output-denied");
        assertThat(denied.path("approval").path("reason").asText()).isEqualTo("too dear");
        var told = Transcript.of(folded(sent), false).get(1).uses().getFirst();
        assertThat(told.result()).contains("did not allow", "too dear");
    }

    @Test
    void what_a_person_answers_is_the_output() {
        var sent = post("tool:ask_user {\"q\": \"blue?\"} tool:ask_user {\"q\": \"red?\"} then many:2");
        first.take();
        awaitState(sent, RunState.PAUSED);
        var questions = truth.pauses.questions(sent.run());
        assertThat(questions).extracting(Question::kind).containsExactly("tool", "tool");
        assertThat(answer(sent, questions.get(0), "{\"output\": 1e2}")).isEqualTo(new AnswerResult.MoreToAnswer());
        assertThat(answer(sent, questions.get(0), "{\"output\": 100}")).isEqualTo(new AnswerResult.Repeated());
        assertThat(truth.run(sent.run()).state()).isEqualTo(RunState.PAUSED);
        assertThat(answer(sent, questions.get(1), "{\"output\": {\"colour\": \"red\\u0000\"}}"))
                .isInstanceOf(AnswerResult.Resumed.class);
        second.take();
        awaitState(sent, RunState.COMPLETED);
        assertThat(folded(sent).stream().map(p -> p.path("output").toString()).filter(o -> !o.isEmpty()))
                .containsExactly("100.0", "{\"colour\":\"red\uFFFD\"}");
    }

    @Test
    void who_writes_on_instead_of_answering_has_declined() {
        var sent = post(APPROVAL_IN_THE_MIDDLE);
        first.take();
        awaitState(sent, RunState.PAUSED);
        var next = (Accepted)
                truth.send(truth.message(sent.threadShown(), UUID.randomUUID().toString(), "many:1"));
        second.take();
        awaitState(sent, RunState.COMPLETED);
        assertThat(part(sent, "book").path("state").asText()).isEqualTo("output-denied");
        first.take();
        awaitState(next, RunState.COMPLETED);
    }

    @Test
    void a_database_that_is_away_when_the_tools_are_read_is_waited_for_and_costs_nothing() {
        tools.unread = 2;
        var sent = post("tool:add {\"n\": 1} then many:1");
        first.take();
        awaitState(sent, RunState.COMPLETED);
        assertThat(tools.unread).isZero();
        assertThat(tools.made("add")).isEqualTo(1);
        assertThat(truth.run(sent.run()).attempt()).isEqualTo(1);
        assertThat(truth.run(sent.run()).epoch()).isEqualTo(1);
    }

    @Test
    void a_cancel_ends_a_run_that_waits_for_people() {
        var sent = post(APPROVAL_IN_THE_MIDDLE);
        first.take();
        awaitState(sent, RunState.PAUSED);
        truth.cancel(sent.run());
        assertThat(truth.run(sent.run()).state()).isEqualTo(RunState.CANCELLED);
        assertThat(types(sent)).endsWith("tool-approval-request", "abort", "finish");
        assertThat(answer(sent, truth.pauses.questions(sent.run()).getFirst(), APPROVED))
                .isEqualTo(new AnswerResult.NotPaused(RunState.CANCELLED));
    }

    @Test
    void a_cancel_ends_a_run_whose_tool_is_at_work() {
        var sent = post("tool:add {\"n\": 1} tool:add {\"n\": 2, \"wait\": true} then many:1");
        first.take();
        Await.until("both are called", SOON, () -> tools.made("add") == 2);
        Await.until("one has answered", SOON, () -> types(sent).contains("tool-output-available"));
        truth.cancel(sent.run());
        first.executor.cancelRequested(sent.run());
        awaitState(sent, RunState.CANCELLED);
        Await.until("the other one was interrupted", SOON, () -> tools.interrupted == 1);
        assertThat(truth.run(sent.run()).usageJson())
                .as("what its steps have cost")
                .isPresent()
                .isEqualTo(truth.attempts(sent.run()).getFirst().usageJson());
        assertThat(folded(sent).stream().map(p -> p.path("state").asText()).filter(state -> !state.isEmpty()))
                .containsExactly("output-available", "input-available");
        assertThat(Transcript.of(stored(sent), true).getFirst().uses().get(1).result())
                .isEqualTo(Transcript.NOT_MADE);
    }

    @Test
    void a_node_that_leaves_waits_a_moment_for_its_tools() throws InterruptedException {
        var sent = post("tool:add {\"n\": 2, \"wait\": true} then many:1");
        first.take();
        Await.until("it is called", SOON, () -> tools.made("add") == 1);
        first.executor.handOver();
        tools.gate.countDown();
        assertThat(first.executor.awaitIdle(SOON)).isTrue();
        assertThat(truth.run(sent.run()).state()).isEqualTo(RunState.READY);
        second.take();
        awaitState(sent, RunState.COMPLETED);
        assertThat(tools.made("add")).isEqualTo(1);
    }

    @Test
    void an_owner_may_die_after_any_record_and_each_finished_call_stays_made_once() {
        var undisturbed = post(APPROVAL_IN_THE_MIDDLE);
        run(undisturbed);
        var whole = log(undisturbed);
        var shown = unnamed(folded(undisturbed));
        for (int length = 1; length < whole.size(); length++) {
            tools.calls.clear();
            var sent = post(APPROVAL_IN_THE_MIDDLE);
            var said = whole.subList(0, length);
            die(sent, said);
            var outputs = said.stream()
                    .filter(r -> type(r).equals("tool-output-available"))
                    .count();
            run(sent);
            assertThat(unnamed(folded(sent))).as("after " + said.getLast()).isEqualTo(shown);
            assertThat(stored(sent)).isEqualTo(folded(sent));
            assertThat(tools.calls).as("after " + said.getLast()).hasSize(4 - (int) outputs);
            assertThat(types(sent).stream()
                            .filter("tool-approval-request"::equals)
                            .count())
                    .as("asked once, after " + said.getLast())
                    .isEqualTo(1);
            assertThat(truth.snapshots.read(sent.run(), 0).orElseThrow().bases())
                    .as("nothing was taken back, after " + said.getLast())
                    .allMatch(b -> b.voided().isEmpty());
        }
    }

    @Test
    void a_call_that_died_is_made_again_only_where_its_tool_allows_it() {
        var repeatable = dieInside("repeatable");
        second.take();
        awaitState(repeatable, RunState.COMPLETED);
        assertThat(tools.calls).singleElement().satisfies(c -> assertThat(c.idempotencyKey())
                .isEqualTo(repeatable.run() + ":4"));

        tools.calls.clear();
        var unknown = dieInside("add");
        second.take();
        awaitState(unknown, RunState.FAILED);
        assertThat(truth.run(unknown.run()).errorCode()).contains("tool_outcome_unknown");
        assertThat(tools.calls).isEmpty();
        assertThat(part(unknown, "add").path("errorText").asText()).isEqualTo(Transcript.NOT_MADE);
    }

    @Test
    void a_call_that_died_after_a_person_allowed_it_is_asked_for_again() {
        var sent = dieInside("book");
        second.take();
        awaitState(sent, RunState.PAUSED);
        var again = truth.pauses.questions(sent.run()).getFirst();
        assertThat(again.callId()).isEqualTo("call_dead-again1");
        assertThat(again.question().path("interrupted").asBoolean()).isTrue();
        answer(sent, again, APPROVED);
        first.take();
        awaitState(sent, RunState.COMPLETED);
        assertThat(tools.made("book")).isEqualTo(1);

        var denied = dieInside("book");
        second.take();
        awaitState(denied, RunState.PAUSED);
        answer(denied, truth.pauses.questions(denied.run()).getFirst(), DENIED);
        first.take();
        awaitState(denied, RunState.COMPLETED);
        assertThat(tools.made("book")).isEqualTo(1);
        assertThat(errors(denied)).containsExactly(Verdict.REPEAT_DENIED);
    }

    @Test
    void who_wished_to_begin_anew_keeps_its_finished_steps() {
        var sent = post("tool:add {\"n\": 1} then many:3", OnTakeover.RESTART);
        var dead = truth.start(Truth.node("dead"));
        var said = new ArrayList<>(called(dead, "add"));
        said.addAll(List.of(
                Chunks.toolOutputAvailable("call_dead", JsonNodeFactory.instance.numberNode(2)),
                Chunks.startStep(),
                Chunks.textStart("t1"),
                Chunks.textDelta("t1", "something else")));
        truth.flushUntilCommitted(Truth.item(dead.fence(), 1, said));
        orphan(sent);
        second.take();
        awaitState(sent, RunState.COMPLETED);
        assertThat(tools.calls).isEmpty();
        assertThat(truth.snapshots
                        .read(sent.run(), 0)
                        .orElseThrow()
                        .bases()
                        .getLast()
                        .base())
                .isEqualTo(6);
        assertThat(folded(sent).getLast().path("text").asText()).isEqualTo("chunk-1 chunk-2 chunk-3 ");
    }

    @Test
    void a_zombie_begins_no_call() {
        var sent = post("many:1");
        var dead = truth.start(Truth.node("dead"));
        orphan(sent);
        assertThat(Steps.on(truth).begunCalls().begin(dead.fence(), List.of("c1")))
                .isFalse();
        assertThat(Steps.on(truth).begunCalls().of(sent.run())).isEmpty();
        truth.cancel(sent.run());
    }

    /** Takes the run until it is over, and allows what it asks. */
    private void run(Accepted sent) {
        first.take();
        Await.until("it waits or is over", SOON, () -> {
            var state = truth.run(sent.run()).state();
            return state == RunState.PAUSED || state.isTerminal();
        });
        if (truth.run(sent.run()).state() == RunState.PAUSED) {
            answer(sent, truth.pauses.questions(sent.run()).getFirst(), APPROVED);
            second.take();
        }
        awaitState(sent, RunState.COMPLETED);
    }

    /** An owner had committed these records of another run, as its own, when it died. */
    private void die(Accepted sent, List<LogRecord> said) {
        var dead = truth.start(Truth.node("dead"));
        var chunks = new ArrayList<Chunk>(List.of(Chunks.start(dead.answerId())));
        said.stream().skip(1).forEach(r -> chunks.add(new Chunk.Whole(r.chunk(), r.meta())));
        truth.flushUntilCommitted(Truth.item(dead.fence(), 1, chunks));
        orphan(sent);
    }

    private Accepted dieInside(String tool) {
        var sent = post("tool:" + tool + " {\"n\": 1} then many:1");
        var dead = truth.start(Truth.node("dead"));
        truth.flushUntilCommitted(Truth.item(dead.fence(), 1, called(dead, tool)));
        assertThat(Steps.on(truth).begunCalls().begin(dead.fence(), List.of("call_dead")))
                .isTrue();
        orphan(sent);
        return sent;
    }

    private static List<Chunk> called(Claim dead, String tool) {
        return List.of(
                Chunks.start(dead.answerId()),
                Chunks.startStep(),
                Chunks.toolInputStart("call_dead", tool),
                Chunks.toolInputAvailable(
                        "call_dead", tool, JsonNodeFactory.instance.objectNode().put("n", 1)),
                Chunks.finishStep().withMeta(Chunks.stepMeta("tool-calls", Usages.json(Usage.NONE))));
    }

    private AnswerResult answer(Accepted sent, Question question, String answer) {
        return truth.tx(() -> truth.pauses.answer(truth.ann, sent.run(), question.callId(), read(answer)));
    }

    private void orphan(Accepted sent) {
        truth.execute("""
                update runs set state = 'READY', owner = null, owner_boot = null, ready_at = clock_timestamp()
                where run_id = '%s' and state = 'RUNNING'""".formatted(sent.run()));
    }

    private List<JsonNode> folded(Accepted sent) {
        return AnswerParts.fold(log(sent)).parts();
    }

    private List<JsonNode> stored(Accepted sent) {
        var parts = new ArrayList<JsonNode>();
        truth.messages.answerOf(sent.run()).orElseThrow().parts().forEach(parts::add);
        return parts;
    }

    private JsonNode part(Accepted sent, String tool) {
        return folded(sent).stream()
                .filter(p -> p.path("toolName").asText().equals(tool))
                .findFirst()
                .orElseThrow();
    }

    /** Providers count their calls, so another one may have other ids. */
    private static String unnamed(List<JsonNode> parts) {
        return parts.stream()
                .map(JsonNode::toString)
                .collect(Collectors.joining("\n"))
                .replaceAll("\"(call_|c0)[^\"]*\"", "ID");
    }

    private TestNode node(String name) {
        return new TestNode(name, truth, Steps.on(truth), live, nats, provider.baseUrl(), Optional.of(tools));
    }

    private Accepted post(String script) {
        return post(script, OnTakeover.CONTINUE);
    }

    /** The text is unique, because the provider counts calls by it. */
    private Accepted post(String script, OnTakeover wish) {
        var key = UUID.randomUUID().toString();
        return (Accepted) truth.send(truth.message(UUID.randomUUID().toString(), key, "# " + key + " " + script, wish));
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

    private List<LogRecord> log(Accepted sent) {
        return truth.snapshots.read(sent.run(), 0).orElseThrow().segments().stream()
                .flatMap(s -> RecordCodec.decode(s.payload(), s.first(), s.epoch()).stream())
                .toList();
    }

    private List<String> types(Accepted sent) {
        return log(sent).stream().map(AgentLoopIT::type).toList();
    }

    private static String type(LogRecord record) {
        return chunk(record).path("type").asText();
    }

    private static JsonNode chunk(LogRecord record) {
        return read(new String(record.chunk(), StandardCharsets.UTF_8));
    }

    private List<String> errors(Accepted sent) {
        return log(sent).stream()
                .map(r -> chunk(r).path("errorText").asText())
                .filter(e -> !e.isEmpty())
                .toList();
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
