package dev.continuo.cluster;

import static dev.continuo.cluster.Scene.SOON;
import static dev.continuo.cluster.Scene.awaitChunk;
import static dev.continuo.cluster.Scene.awaitTerminal;
import static dev.continuo.cluster.Scene.chunks;
import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.testkit.RunView;
import dev.continuo.testkit.SseClient;
import dev.continuo.testkit.SseEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AttachAnywhereIT {
    private final Scene scene = Scene.open();

    @Test
    void every_node_shows_every_chunk_once_with_the_same_ids() {
        var run = scene.say(1, scene.prompt("slow:80x25"));
        scene.awaitCommitted(run, 1);
        var watchers = IntStream.rangeClosed(1, 3)
                .mapToObj(n -> scene.api(n).attach(scene.thread))
                .toList();
        watchers.forEach(watcher -> awaitTerminal(watcher, run));
        var ids = watchers.stream().map(watcher -> chunkIds(watcher, run)).toList();
        assertThat(ids.get(0)).isNotEmpty().isEqualTo(ids.get(1)).isEqualTo(ids.get(2));
        for (var watcher : watchers) {
            var view = RunView.of(run, watcher.events());
            assertThat(view.text()).isEqualTo(chunks(80));
            assertThat(view.rewinds()).isEmpty();
            assertThat(view.state()).isEqualTo("completed");
            watcher.close();
        }
        assertThat(RunView.stored(scene.api(2), scene.thread, run)).isEqualTo(chunks(80));
    }

    @Test
    void an_event_source_cut_at_any_byte_continues_exactly_on_another_node() {
        var run = scene.say(2, scene.prompt("slow:120x25"));
        var random = new Random(7);
        List<SseEvent> seen = new ArrayList<>();
        var watcher = scene.api(1).attach(scene.thread);
        for (int cut = 0; cut < 20 && seen.stream().noneMatch(Scene.isTerminalOf(run)); cut++) {
            watcher.cutAfter(watcher.bytes() + 200 + random.nextInt(1200));
            watcher.awaitEnd(SOON);
            seen.addAll(watcher.events());
            watcher = watcher.resumeOn(scene.cluster.node(1 + random.nextInt(3)).url());
        }
        if (seen.stream().noneMatch(Scene.isTerminalOf(run))) {
            awaitTerminal(watcher, run);
            seen.addAll(watcher.events());
        }
        watcher.close();
        assertThat(RunView.of(run, seen).text()).isEqualTo(chunks(120));
    }

    @Test
    void one_that_was_away_while_two_runs_went_by_misses_nothing() {
        var first = scene.say(1, scene.prompt("slow:40x25"));
        var watcher = scene.api(1).attach(scene.thread);
        awaitChunk(watcher, first, 10);
        watcher.cut();
        var second = scene.say(2, scene.prompt("many:5"));
        var third = scene.say(3, scene.prompt("many:6"));
        scene.api(3).awaitEnd(third, SOON);
        var back = watcher.resumeOn(scene.cluster.node(3).url());
        awaitTerminal(back, third);
        var all = new ArrayList<>(watcher.events());
        all.addAll(back.events());
        assertThat(RunView.of(first, all).text()).isEqualTo(chunks(40));
        assertThat(RunView.of(second, all).state()).isEqualTo("completed");
        assertThat(RunView.of(third, all).state()).isEqualTo("completed");
        assertThat(back.events().stream().filter(e -> e.is("terminal")).map(e -> e.id().substring(0, 36)))
                .containsExactly(first, second, third);
        var fourth = scene.say(1, scene.prompt("many:3"));
        awaitTerminal(back, fourth);
        back.close();
    }

    @Test
    void a_late_attach_of_a_finished_run_replays_it() {
        var run = scene.say(3, scene.prompt("many:50"));
        scene.api(3).awaitEnd(run, SOON);
        for (int node = 1; node <= 3; node++) {
            try (var late = scene.api(node).attachRun(run)) {
                awaitTerminal(late, run);
                assertThat(late.awaitEnd(SOON)).isEqualTo(SseClient.Ending.CLEAN);
                assertThat(RunView.of(run, late.events()).text()).isEqualTo(chunks(50));
                var again = late.resumeOn(scene.cluster.node(1).url());
                assertThat(again.status()).isEqualTo(204);
            }
        }
    }

    @Test
    void what_a_watcher_of_the_committed_sees_is_never_taken_back_without_a_word() {
        var run = scene.say(1, scene.prompt("slow:40x30"));
        var committed = scene.api(2).stream("/api/runs/" + run + "/attach?visibility=committed", Map.of());
        awaitTerminal(committed, run);
        assertThat(RunView.of(run, committed.events()).text()).isEqualTo(chunks(40));
        committed.close();
    }

    private static List<String> chunkIds(SseClient watcher, String run) {
        return watcher.events().stream()
                .filter(e ->
                        e.is("message") && e.id().startsWith(run) && e.data().startsWith("{\"type\""))
                .map(SseEvent::id)
                .toList();
    }
}
