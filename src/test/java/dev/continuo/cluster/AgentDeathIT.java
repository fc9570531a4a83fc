package dev.continuo.cluster;

import static dev.continuo.cluster.Scene.SOON;
import static dev.continuo.cluster.Scene.awaitTerminal;
import static dev.continuo.cluster.Scene.chunks;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.LibertyNode;
import dev.continuo.testkit.RunView;
import dev.continuo.testkit.ToolServer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Owners of runs with tools die, or lose their database, inside a call, which the tool server holds. */
class AgentDeathIT {
    private final Scene scene = Scene.open();
    private final ToolServer tools = new ToolServer();
    private final String name = "t" + UUID.randomUUID().toString().substring(0, 8);

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
