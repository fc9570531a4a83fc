package dev.continuo.cluster;

import static dev.continuo.cluster.Scene.SOON;
import static dev.continuo.cluster.Scene.awaitChunk;
import static dev.continuo.cluster.Scene.awaitTerminal;
import static dev.continuo.cluster.Scene.chunks;
import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.testkit.Api;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.CommitTrap;
import dev.continuo.testkit.FaultProxy;
import dev.continuo.testkit.LibertyNode;
import dev.continuo.testkit.RunView;
import dev.continuo.testkit.SseClient;
import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import io.nats.client.PurgeOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What lies between clients, nodes and servers fails, and all of them live. */
class LineFaultsIT {
    private final Scene scene = Scene.open();

    @Test
    void f6_a_node_cut_off_from_nats_keeps_its_run_and_everybody_goes_on_watching() {
        var prompt = scene.prompt("slow:150x40");
        var run = scene.say(1, prompt);
        var owner = scene.ownerOf(run);
        var watchers = attachEverywhere(run);
        scene.cluster.lines(owner).nats().blackHole();
        long cut = System.nanoTime();
        watchers.forEach(watcher -> awaitChunk(watcher, run, 100));
        Figures.print("F6 owner cut off from NATS: the longest silence of its watchers", longestSilence(watchers, cut));
        scene.cluster.lines(owner).nats().heal();
        watchers.forEach(watcher -> awaitTerminal(watcher, run));
        assertThat(scene.api(2).run(run).path("epoch").asInt()).isEqualTo(1);
        assertThat(scene.cluster.providerCalls(prompt)).isEqualTo(1);
        scene.assertAllSaw(run, chunks(150), watchers);
    }

    @Test
    void f6_a_reader_cut_off_from_nats_gets_the_text_from_the_database() {
        var run = scene.say(1, scene.prompt("slow:120x40"));
        var reader = scene.cluster.survivorOf(scene.ownerOf(run));
        var watcher = scene.cluster.api(reader).attach(scene.thread);
        awaitChunk(watcher, run, 20);
        scene.cluster.lines(reader).nats().halfOpen(FaultProxy.End.SERVER);
        scene.cluster.lines(reader).nats().refuse();
        awaitChunk(watcher, run, 80);
        scene.cluster.lines(reader).nats().heal();
        awaitTerminal(watcher, run);
        scene.assertAllSaw(run, chunks(120), List.of(watcher));
    }

    @Test
    void f7_a_node_cut_off_from_the_database_loses_its_run_to_another_and_its_provider_call_is_closed() {
        var prompt = scene.prompt("slow:400x40");
        var run = scene.say(1, prompt);
        var owner = scene.ownerOf(run);
        var watchers = attachBeside(owner, run);
        long cut = System.nanoTime();
        scene.cluster.lines(owner).database().blackHole();
        Figures.print("F7 owner cut off from PostgreSQL → new epoch", cut, scene.awaitOpened(run, 2));
        Await.until("the fenced owner has hung up", SOON, () -> scene.cluster.openProviderCalls(prompt) == 1);
        watchers.forEach(watcher -> awaitTerminal(watcher, run));
        scene.cluster.lines(owner).database().heal();
        assertThat(scene.cluster.providerCalls(prompt)).isEqualTo(2);
        scene.assertAllSaw(run, chunks(400), watchers);
    }

    @Test
    void f11_one_that_does_not_read_makes_nobody_wait_and_continues_exactly() {
        scene.api(1).post("/api/threads", "{\"id\":\"" + scene.thread + "\"}").expect(201);
        var slow = scene.api(2).attach(scene.thread);
        slow.awaitEvent("open", SOON);
        slow.pause();
        var other = scene.api(2).attach(scene.thread);
        var runs = IntStream.range(0, 4)
                .mapToObj(i -> scene.say(1, scene.prompt("many:60 size:30000")))
                .toList();
        runs.forEach(run -> awaitTerminal(other, run));
        assertThat(slow.events().stream().filter(Scene.isTerminalOf(runs.getLast())))
                .isEmpty();
        slow.goOn();
        Await.until(
                "the slow one has read what was on the way",
                SOON,
                () -> slow.ending() != SseClient.Ending.OPEN
                        || slow.events().stream().anyMatch(Scene.isTerminalOf(runs.getLast())));
        var back = slow.resumeOn(scene.cluster.node(3).url());
        if (slow.events().stream().noneMatch(Scene.isTerminalOf(runs.getLast()))) {
            awaitTerminal(back, runs.getLast());
        }
        var all = new ArrayList<>(slow.events());
        all.addAll(back.events());
        for (var run : runs) {
            var view = RunView.of(run, all);
            assertThat(view.state()).isEqualTo("completed");
            if (view.snapshot().isEmpty()) {
                assertThat(view.text())
                        .isEqualTo(RunView.of(run, other.events()).text());
            }
        }
        List.of(slow, back, other).forEach(SseClient::close);
    }

    @Test
    void f12_a_message_whose_commit_was_lost_on_the_way_back_is_one_message_when_it_is_sent_again() {
        ambiguous(CommitTrap.Then.LOSE_THE_ANSWER, 1);
    }

    @Test
    void f12_a_message_whose_commit_never_arrived_is_one_message_when_it_is_sent_again() {
        ambiguous(CommitTrap.Then.LOSE_THE_REQUEST, 0);
    }

    private void ambiguous(CommitTrap.Then then, int stored) {
        var key = UUID.randomUUID().toString();
        var prompt = scene.prompt("many:3");
        var trap = scene.cluster.lines(1).database().trapCommit("insert into messages", then);
        var unknown = scene.api(1).post(path(), Api.message(key, prompt));
        trap.awaitSprung(SOON);
        assertThat(unknown.status()).as(unknown.body()).isEqualTo(503);
        assertThat(unknown.headers().firstValue("retry-after")).isPresent();
        assertThat(rowsOf(key)).isEqualTo(stored);
        var first =
                scene.api(2).post(path(), Api.message(key, prompt)).expect(202).json();
        var second =
                scene.api(3).post(path(), Api.message(key, prompt)).expect(202).json();
        assertThat(second.path("runId")).isEqualTo(first.path("runId"));
        assertThat(second.path("answerId")).isEqualTo(first.path("answerId"));
        assertThat(scene.api(1).post(path(), Api.message(key, "another")).status())
                .isEqualTo(409);
        assertThat(rowsOf(key)).isEqualTo(1);
        var run = first.path("runId").asText();
        assertThat(scene.api(2).awaitEnd(run, SOON).path("state").asText()).isEqualTo("completed");
        assertThat(scene.cluster.providerCalls(prompt)).isEqualTo(1);
    }

    private String path() {
        return "/api/threads/" + scene.thread + "/messages";
    }

    private int rowsOf(String key) {
        return Integer.parseInt(
                scene.sql("select count(*) from messages m join runs r using (run_id) where client_msg_id = '" + key
                                + "'")
                        .orElseThrow());
    }

    @Test
    void f13_ten_tabs_come_and_go_and_every_view_is_equal() {
        var prompt = scene.prompt("slow:120x40");
        var run = scene.say(1, prompt);
        scene.awaitCommitted(run, 1);
        var tabs = IntStream.range(0, 10)
                .mapToObj(i -> scene.api(1 + i % 3).attach(scene.thread))
                .toList();
        for (int i = 0; i < tabs.size(); i += 2) {
            awaitChunk(tabs.get(i), run, 10 + 8 * i);
            tabs.get(i).cut();
        }
        var reloaded = IntStream.range(0, 5)
                .mapToObj(i -> scene.api(1 + (i + 1) % 3).attach(scene.thread))
                .toList();
        var all = new ArrayList<>(reloaded);
        for (int i = 1; i < tabs.size(); i += 2) {
            all.add(tabs.get(i));
        }
        all.forEach(tab -> awaitTerminal(tab, run));
        assertThat(scene.cluster.providerCalls(prompt)).isEqualTo(1);
        assertThat(scene.api(1).run(run).path("epoch").asInt()).isEqualTo(1);
        scene.assertAllSaw(run, chunks(120), all);
    }

    @Test
    void f21_a_hole_in_the_stream_is_filled_from_the_database()
            throws IOException, InterruptedException, JetStreamApiException {
        var run = scene.say(1, scene.prompt("slow:150x40"));
        var reader = scene.cluster.survivorOf(scene.ownerOf(run));
        var watcher = scene.cluster.api(reader).attachRun(run);
        awaitChunk(watcher, run, 20);
        var line = scene.cluster.lines(reader).nats();
        line.refuse();
        line.cut(FaultProxy.Cut.RESET);
        scene.awaitCommitted(run, 60);
        try (var admin = Nats.connect(scene.cluster.natsUrl())) {
            var purged =
                    admin.jetStreamManagement().purgeStream("CONTINUO", PurgeOptions.subject("continuo.log.*." + run));
            assertThat(purged.getPurged()).isPositive();
        }
        line.heal();
        awaitTerminal(watcher, run);
        var late = scene.cluster.api(reader).attachRun(run);
        awaitTerminal(late, run);
        scene.assertAllSaw(run, chunks(150), List.of(watcher, late));
    }

    private static Duration longestSilence(List<SseClient> watchers, long since) {
        long longest = 0;
        for (var watcher : watchers) {
            long heard = since;
            for (var event : watcher.events()) {
                longest = event.at() > since ? Math.max(longest, event.at() - heard) : longest;
                heard = Math.max(heard, event.at());
            }
        }
        return Duration.ofNanos(longest);
    }

    private List<SseClient> attachEverywhere(String run) {
        return attach(scene.cluster.nodes(), run);
    }

    private List<SseClient> attachBeside(LibertyNode owner, String run) {
        return attach(
                scene.cluster.nodes().stream().filter(node -> node != owner).toList(), run);
    }

    private List<SseClient> attach(List<LibertyNode> nodes, String run) {
        var watchers = nodes.stream()
                .map(node -> scene.cluster.api(node).attach(scene.thread))
                .toList();
        watchers.forEach(watcher -> awaitChunk(watcher, run, 20));
        return watchers;
    }
}
