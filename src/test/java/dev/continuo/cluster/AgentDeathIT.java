package dev.continuo.cluster;

import static dev.continuo.cluster.Scene.SOON;
import static dev.continuo.cluster.Scene.awaitTerminal;
import static dev.continuo.cluster.Scene.chunks;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.testkit.Api;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.CommitTrap;
import dev.continuo.testkit.LibertyNode;
import dev.continuo.testkit.RunView;
import dev.continuo.testkit.ToolServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Owners of runs with tools die at every boundary that there is. Each kill follows a fact: the provider or the tool server
 * holds its answer, or a line holds a COMMIT.
 */
class AgentDeathIT {
    private final Scene scene = Scene.open();
    private final ToolServer tools = new ToolServer();
    private final String name = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final List<Follower> followers = new ArrayList<>();

    @BeforeEach
    void an_agent_that_asks_for_what_may_change_something() {
        // A call may be held for as long as nodes take to come back.
        put(
                "/api/mcp-servers/" + name,
                "{\"transport\":\"http\",\"timeoutSeconds\":600,\"url\":\"" + tools.url() + "\"}");
        agent(name, "readonly");
    }

    @AfterEach
    void close() {
        followers.forEach(Follower::close);
        tools.close();
    }

    private void agent(String id, String approval) {
        put(
                "/api/agents/" + id,
                "{\"instructions\":\"Help.\",\"tools\":[\"" + name + "\"],\"approval\":\"" + approval + "\"}");
    }

    private void put(String path, String json) {
        scene.api(1)
                .send("PUT", path, Map.of("content-type", "application/json"), json)
                .expect(200);
    }

    private String call(String tool, int n) {
        return "tool:" + name + "__" + tool + " {\"n\":" + n + "}";
    }

    @Test
    void f1_a_run_with_tools_and_an_approval_outlives_a_kill_at_each_of_its_boundaries() {
        // Each step's first call of the provider is held: hang:0xN strikes in the first N calls of the whole run.
        var prompt = scene.prompt("hang:0x1 " + call("look", 1) + " then hang:0x3 " + call("book", 2)
                + " then hang:0x5 " + call("look", 3) + " then slow:150x40");
        var first = tools.holdNext("look");
        var run = scene.say(1, prompt, name);
        for (var node : scene.cluster.nodes()) {
            followers.add(new Follower(scene.cluster, node, "/api/runs/" + run + "/attach", run));
            followers.add(new Follower(scene.cluster, node, "/api/threads/" + scene.thread + "/attach", run));
        }

        // 1: the model was asked, and has said nothing
        var owner = scene.ownerOf(run);
        awaitProviderCall(prompt, 1);
        kill(owner);

        // 2: inside the first call of a tool
        owner = scene.ownerAfter(owner, run);
        first.awaitBegun(SOON);
        var again = tools.holdNext("look");
        kill(owner);
        first.letGo();

        // 3: its outcome is in the log, and the model was asked for the next step
        owner = scene.ownerAfter(owner, run);
        again.awaitBegun(SOON);
        scene.awaitReady(3);
        again.letGo();
        awaitProviderCall(prompt, 3);
        kill(owner);
        awaitOutcome("look 1");

        // 4: a person is asked, and nobody owns the run
        followers.forEach(f -> f.await("the question", e -> e.data().contains("tool-approval-request")));
        awaitState(run, "requires_action");
        owner = scene.lastOwner(run);
        scene.awaitReady(3);
        kill(owner);
        var beside = scene.readyBeside(owner);
        assertThat(beside.run(run).path("state").asText()).isEqualTo("requires_action");
        var questions = beside.run(run).path("questions");
        assertThat(questions).hasSize(1);
        assertThat(tools.calls()).noneMatch(c -> c.tool().equals("book"));

        // 5: it is allowed, and was not begun
        scene.awaitReady(3);
        var traps = scene.cluster.nodes().stream().collect(Collectors.toMap(node -> node, node -> scene.cluster
                .lines(node)
                .database()
                .trapCommit("insert into run_calls", CommitTrap.Then.HOLD_THE_REQUEST)));
        var callId = questions.get(0).path("callId").asText();
        beside.post("/api/runs/" + run + "/answer", "{\"callId\":\"" + callId + "\",\"approved\":true}")
                .expect(202);
        Await.until(
                "a node begins the call", SOON, () -> traps.values().stream().anyMatch(CommitTrap::hasSprung));
        owner = traps.keySet().stream()
                .filter(node -> traps.get(node).hasSprung())
                .findFirst()
                .orElseThrow();
        var booking = tools.holdNext("book");
        kill(owner);
        scene.cluster.nodes().forEach(node -> scene.cluster.lines(node).heal());

        // 6: its outcome is in the log, and the model was asked for the next step
        owner = scene.ownerAfter(owner, run);
        booking.awaitBegun(SOON);
        scene.awaitReady(3);
        var last = tools.holdNext("look");
        booking.letGo();
        awaitProviderCall(prompt, 5);
        kill(owner);
        awaitOutcome("book 2");

        // 7: in the middle of the answer
        owner = scene.ownerAfter(owner, run);
        last.awaitBegun(SOON);
        scene.awaitReady(3);
        last.letGo();
        followers.forEach(f -> f.await("text", e -> e.data().contains("chunk-20 ")));
        kill(owner);

        // 8: all of the answer is stored, and its end is not
        owner = scene.ownerAfter(owner, run);
        try (var _ = scene.holdFinish(run)) {
            scene.awaitReady(3);
            kill(owner);
        }

        followers.forEach(Follower::awaitEnd);
        assertEndsRight(run, prompt, scene.readyBeside(owner));
    }

    @Test
    void f1_a_call_that_may_have_had_its_effect_is_asked_for_again_or_ends_its_run() {
        agent(name + "b", "auto");
        var unasked = Scene.open();
        var first = tools.holdNext("book");
        var run = scene.say(1, scene.prompt(call("book", 1) + " then many:3"), name);
        var asked = question(run);
        assertThat(asked.path("interrupted").asBoolean()).isFalse();
        allow(run, asked);
        first.awaitBegun(SOON);
        var second = tools.holdNext("book");
        var other = unasked.say(1, unasked.prompt(call("book", 2) + " then many:3"), name + "b");
        second.awaitBegun(SOON);

        Stream.of(run, other).map(scene::ownerOf).distinct().toList().forEach(AgentDeathIT::kill);
        first.letGo();
        second.letGo();

        var ended = scene.anyReady().awaitEnd(other, SOON);
        assertThat(ended.path("state").asText()).isEqualTo("failed");
        assertThat(ended.path("error").path("code").asText()).isEqualTo("tool_outcome_unknown");
        var again = question(run);
        assertThat(again.path("interrupted").asBoolean()).isTrue();
        assertThat(again.path("callId")).isNotEqualTo(asked.path("callId"));
        assertThat(tools.calls()).hasSize(2);
        allow(run, again);
        assertThat(scene.anyReady().awaitEnd(run, SOON).path("state").asText()).isEqualTo("completed");
        assertThat(tools.calls()).extracting(ToolServer.Call::toString).containsExactly("book 1", "book 2", "book 1");
        assertThat(tools.calls().getFirst().key())
                .isEqualTo(tools.calls().getLast().key());
        assertThat(RunView.stored(scene.anyReady(), scene.thread, run)).isEqualTo(chunks(3));
    }

    @Test
    void f9_the_database_restarts_while_a_tool_is_at_work_and_it_is_called_once() {
        var held = tools.holdNext("look");
        var prompt = scene.prompt(call("look", 1) + " then " + call("look", 2) + " then many:3");
        var run = scene.say(1, prompt, name);
        var watcher = scene.api(2).attachRun(run);
        held.awaitBegun(SOON);
        scene.cluster.postgres().stop();
        held.letGo();
        Await.until("the tool has answered", SOON, held::isOver);
        scene.cluster.postgres().start();
        awaitTerminal(watcher, run);
        scene.assertAllSaw(run, chunks(3), List.of(watcher));
        assertThat(tools.calls()).extracting(ToolServer.Call::toString).containsExactly("look 1", "look 2");
        assertThat(scene.api(3).run(run).path("epoch").asInt()).isEqualTo(1);
        assertThat(scene.cluster.providerCalls(prompt)).isEqualTo(3);
    }

    private JsonNode question(String run) {
        awaitState(run, "requires_action");
        return scene.anyReady().run(run).path("questions").get(0);
    }

    private void allow(String run, JsonNode question) {
        scene.anyReady()
                .post(
                        "/api/runs/" + run + "/answer",
                        "{\"callId\":\"" + question.path("callId").asText() + "\",\"approved\":true}")
                .expect(202);
    }

    private void assertEndsRight(String run, String prompt, Api api) {
        assertThat(api.run(run).path("state").asText()).isEqualTo("completed");
        assertThat(tools.calls())
                .as("one was inside the first call of the first tool when its node died")
                .extracting(ToolServer.Call::toString)
                .containsExactly("look 1", "look 1", "book 2", "look 3");
        assertThat(tools.calls().stream().map(ToolServer.Call::key).distinct())
                .hasSize(3)
                .allMatch(key -> key.startsWith(run + ":"));
        assertThat(scene.cluster.providerCalls(prompt))
                .as("three were held, one was cut in the middle")
                .isEqualTo(4 + 3 + 1);
        var stored = RunView.storedParts(api, scene.thread, run);
        assertThat(stored.stream().map(this::told))
                .containsExactly(
                        "step-start",
                        "look {\"n\":1} output-available \"look 1\"",
                        "step-start",
                        "book {\"n\":2} output-available \"book 2\"",
                        "step-start",
                        "look {\"n\":3} output-available \"look 3\"",
                        "step-start",
                        chunks(150));
        var late = new Follower(
                scene.cluster,
                scene.cluster.nodes().stream()
                        .filter(LibertyNode::ready)
                        .findAny()
                        .orElseThrow(),
                "/api/runs/" + run + "/attach",
                run);
        followers.add(late);
        late.awaitEnd();
        for (var follower : followers) {
            var view = RunView.of(run, follower.events());
            assertThat(view.parts()).isEqualTo(stored);
            assertThat(view.count("tool-approval-request")).isEqualTo(1);
            assertThat(view.rewinds()).isEmpty();
            assertThat(view.state()).isEqualTo("completed");
        }
        assertThat(followers.stream().mapToInt(Follower::streams).sum())
                .as("the nodes that died had watchers")
                .isGreaterThan(followers.size());
    }

    private String told(JsonNode part) {
        return switch (part.path("type").asText()) {
            case "dynamic-tool" ->
                part.path("toolName").asText().replace(name + "__", "") + " " + part.path("input") + " "
                        + part.path("state").asText() + " " + part.path("output");
            case "text" -> part.path("text").asText();
            default -> part.path("type").asText();
        };
    }

    private void awaitProviderCall(String prompt, int number) {
        Await.until(
                "call " + number + " of the provider",
                SOON,
                () -> scene.cluster.providerCalls(prompt) >= number && scene.cluster.openProviderCalls(prompt) == 1);
    }

    private void awaitOutcome(String output) {
        followers.forEach(f -> f.await(
                "the outcome " + output,
                e -> e.data().contains("tool-output-available") && e.data().contains('"' + output + '"')));
    }

    private void awaitState(String run, String state) {
        Await.until(
                run + " is " + state,
                SOON,
                () -> scene.anyReady().run(run).path("state").asText().equals(state));
    }

    /** It comes back by itself, while the run goes on elsewhere. */
    private static void kill(LibertyNode owner) {
        owner.kill9();
        owner.start();
    }
}
