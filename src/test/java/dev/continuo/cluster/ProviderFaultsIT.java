package dev.continuo.cluster;

import static dev.continuo.cluster.Scene.SOON;
import static dev.continuo.cluster.Scene.awaitChunk;
import static dev.continuo.cluster.Scene.awaitTerminal;
import static dev.continuo.cluster.Scene.chunks;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.testkit.FaultProxy;
import dev.continuo.testkit.RunView;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The provider refuses, hangs and breaks off. */
class ProviderFaultsIT {
    private final Scene scene = Scene.open();

    @Test
    void f14_a_refusal_before_the_first_token_is_waited_out_visibly_and_costs_no_attempt() {
        scene.api(1).post("/api/threads", "{\"id\":\"" + scene.thread + "\"}").expect(201);
        var watcher = scene.api(2).attach(scene.thread);
        var prompt = scene.prompt("fail:429x2 many:5");
        var run = scene.say(1, prompt);
        // with its message, or later, as the node that is watched hears of it
        watcher.await("the wait", SOON, e -> e.data().contains(run) && e.data().contains("\"state\":\"retrying\""));
        var other = scene.api(1)
                .say("t-" + UUID.randomUUID(), UUID.randomUUID().toString(), scene.prompt("many:2"))
                .path("runId")
                .asText();
        assertThat(scene.api(1).awaitEnd(other, SOON).path("state").asText()).isEqualTo("completed");
        awaitTerminal(watcher, run);
        var end = scene.api(1).run(run);
        assertThat(end.path("state").asText()).isEqualTo("completed");
        assertThat(end.path("attempt").asInt()).isEqualTo(1);
        assertThat(scene.cluster.providerCalls(prompt)).isEqualTo(3);
        scene.assertAllSaw(run, chunks(5), List.of(watcher));
    }

    @Test
    void f15_a_provider_that_hangs_is_given_up_and_asked_again() {
        endsRightAfterTwoCalls("hang:5x1 slow:20x20");
    }

    @Test
    void f15_a_line_to_the_provider_that_went_dead_is_given_up_and_another_one_taken() {
        var prompt = scene.prompt("slow:120x40");
        var run = scene.say(1, prompt);
        var owner = scene.ownerOf(run);
        var watcher = scene.beside(owner).attach(scene.thread);
        awaitChunk(watcher, run, 20);
        scene.cluster.lines(owner).provider().halfOpen(FaultProxy.End.SERVER);
        awaitTerminal(watcher, run);
        assertThat(scene.cluster.providerCalls(prompt)).isEqualTo(2);
        scene.assertAllSaw(run, chunks(120), List.of(watcher));
    }

    @Test
    void f16_a_reset_in_the_middle_is_no_end() {
        endsRightAfterTwoCalls("cut:5x1 slow:20x20");
    }

    @Test
    void f16_an_end_without_a_finish_reason_is_no_end() {
        endsRightAfterTwoCalls("eof:5x1 slow:20x20");
    }

    private void endsRightAfterTwoCalls(String script) {
        var prompt = scene.prompt(script);
        var run = scene.say(1, prompt);
        var watcher = scene.api(2).attach(scene.thread);
        awaitTerminal(watcher, run);
        var end = scene.api(3).run(run);
        assertThat(end.path("state").asText()).isEqualTo("completed");
        assertThat(end.path("epoch").asInt()).isEqualTo(2);
        assertThat(scene.cluster.providerCalls(prompt)).isEqualTo(2);
        scene.assertAllSaw(run, chunks(20), List.of(watcher));
    }

    @Test
    void f20_a_message_whose_calls_always_break_off_fails_after_three_with_its_part_kept_and_marked() {
        var poison = scene.prompt("eof:5 slow:20x20");
        var run = scene.say(1, poison);
        var next = scene.say(2, scene.prompt("many:4"));
        var end = scene.api(3).awaitEnd(run, SOON);
        assertThat(end.path("state").asText()).isEqualTo("failed");
        assertThat(end.path("error").path("code").asText()).isEqualTo("attempts_exhausted");
        assertThat(scene.cluster.providerCalls(poison)).isEqualTo(3);
        var late = scene.api(2).attachRun(run);
        awaitTerminal(late, run);
        assertThat(RunView.of(run, late.events()).state()).isEqualTo("failed");
        scene.assertAllSaw(run, chunks(5), List.of(late));
        assertThat(answerTo(run).path("partial").asBoolean()
                        || !answerTo(run).path("complete").asBoolean(true))
                .as("the answer says that it is a part: %s", answerTo(run))
                .isTrue();
        assertThat(scene.api(1).awaitEnd(next, SOON).path("state").asText()).isEqualTo("completed");
    }

    private JsonNode answerTo(String run) {
        return StreamSupport.stream(
                        scene.api(1).messages(scene.thread).path("items").spliterator(), false)
                .filter(m -> m.path("runId").asText().equals(run)
                        && m.path("role").asText().equals("assistant"))
                .findFirst()
                .orElseThrow();
    }
}
