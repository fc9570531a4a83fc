package dev.continuo.cluster;

import static dev.continuo.cluster.Scene.awaitChunk;
import static dev.continuo.cluster.Scene.awaitTerminal;
import static dev.continuo.cluster.Scene.chunks;
import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.testkit.Api;
import dev.continuo.testkit.RunView;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The servers behind the nodes go away and come back. */
class OutageIT {
    private final Scene scene = Scene.open();

    @Test
    void f8_the_broker_dies_and_comes_back_empty_and_nobody_notices() {
        var prompt = scene.prompt("slow:150x40");
        var run = scene.say(1, prompt);
        var watchers = List.of(
                scene.api(1).attach(scene.thread),
                scene.api(2).attach(scene.thread),
                scene.api(3).attachRun(run));
        watchers.forEach(watcher -> awaitChunk(watcher, run, 20));
        scene.cluster.nats().kill9();
        watchers.forEach(watcher -> awaitChunk(watcher, run, 60));
        scene.cluster.nats().startEmpty();
        watchers.forEach(watcher -> awaitTerminal(watcher, run));
        for (var watcher : watchers) {
            var view = RunView.of(run, watcher.events());
            assertThat(view.text()).isEqualTo(chunks(150));
            assertThat(view.rewinds()).isEmpty();
            watcher.close();
        }
        assertThat(scene.api(2).run(run).path("epoch").asInt()).isEqualTo(1);
        assertThat(scene.cluster.providerCalls(prompt)).isEqualTo(1);
    }

    @Test
    void f8_a_whole_run_without_a_broker_is_slower_and_right() {
        scene.cluster.nats().kill9();
        var run = scene.say(1, scene.prompt("slow:40x40"));
        var watcher = scene.api(2).attach(scene.thread);
        awaitTerminal(watcher, run);
        assertThat(RunView.of(run, watcher.events()).text()).isEqualTo(chunks(40));
        watcher.close();
    }

    @Test
    void f9_the_database_restarts_and_no_run_is_stolen() {
        var prompts = List.of(scene.prompt("slow:200x40"), scene.prompt("slow:200x40"), scene.prompt("slow:200x40"));
        var runs = prompts.stream()
                .map(prompt -> scene.cluster
                        .api(1 + prompts.indexOf(prompt))
                        .say("t-" + UUID.randomUUID(), UUID.randomUUID().toString(), prompt)
                        .path("runId")
                        .asText())
                .toList();
        var watchers = runs.stream().map(run -> scene.api(2).attachRun(run)).toList();
        for (int i = 0; i < runs.size(); i++) {
            awaitChunk(watchers.get(i), runs.get(i), 20);
        }
        scene.cluster.postgres().stop();
        var refused = scene.api(3)
                .post(
                        "/api/threads/" + scene.thread + "/messages",
                        Api.message(UUID.randomUUID().toString(), "many:1"));
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.headers().firstValue("retry-after")).isPresent();
        var turnedAway = scene.api(1).attach(scene.thread);
        turnedAway.await("to be told to come back", Scene.SOON, event -> event.is("reconnect"));
        turnedAway.close();
        scene.cluster.postgres().start();
        for (int i = 0; i < runs.size(); i++) {
            awaitTerminal(watchers.get(i), runs.get(i));
            var view = RunView.of(runs.get(i), watchers.get(i).events());
            assertThat(view.text()).isEqualTo(chunks(200));
            assertThat(view.rewinds()).isEmpty();
            assertThat(scene.api(1).run(runs.get(i)).path("epoch").asInt()).isEqualTo(1);
            assertThat(scene.cluster.providerCalls(prompts.get(i))).isEqualTo(1);
            watchers.get(i).close();
        }
    }
}
