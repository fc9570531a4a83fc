package dev.continuo.cluster;

import static dev.continuo.cluster.Scene.SOON;
import static dev.continuo.cluster.Scene.awaitChunk;
import static dev.continuo.cluster.Scene.awaitTerminal;
import static dev.continuo.cluster.Scene.chunks;
import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.testkit.Await;
import dev.continuo.testkit.LibertyNode;
import dev.continuo.testkit.RunView;
import dev.continuo.testkit.SseClient;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;

class NodeDeathIT {
    private final Scene scene = Scene.open();

    /** The ways to lose an owner. */
    enum Loss {
        KILLED {
            @Override
            void strike(LibertyNode owner) {
                owner.kill9();
            }

            @Override
            void after(LibertyNode owner) {}
        },
        FROZEN {
            @Override
            void strike(LibertyNode owner) {
                owner.freeze();
            }

            @Override
            void after(LibertyNode owner) {
                owner.thaw();
            }
        };

        abstract void strike(LibertyNode owner);

        abstract void after(LibertyNode owner);
    }

    @ParameterizedTest
    @EnumSource
    void f1_f5_whoever_watches_elsewhere_sees_nothing_but_a_pause(Loss loss) {
        var prompt = scene.prompt("slow:150x40");
        var run = scene.say(1, prompt);
        for (var view : watchThrough(loss, run)) {
            assertThat(view.text()).isEqualTo(chunks(150));
            assertThat(view.state()).isEqualTo("completed");
            assertThat(view.rewinds()).isEmpty();
        }
        var late = scene.anyApi().attachRun(run);
        awaitTerminal(late, run);
        assertThat(RunView.of(run, late.events()).text()).isEqualTo(chunks(150));
        late.close();
        assertThat(RunView.stored(scene.anyApi(), scene.thread, run)).isEqualTo(chunks(150));
        assertThat(scene.cluster.providerCalls(prompt)).isEqualTo(2);
        assertThat(scene.anyApi().run(run).path("attempts").findValuesAsText("outcome"))
                .containsExactly("lost", "answered");
    }

    @ParameterizedTest
    @EnumSource
    void f1_f5_another_answer_takes_back_what_differs_and_no_more(Loss loss) {
        var run = scene.say(1, scene.prompt("slow:150x40 diverge:11"));
        var stored = chunks(10)
                + IntStream.rangeClosed(11, 150)
                        .mapToObj(i -> "other-" + i + " ")
                        .collect(Collectors.joining());
        for (var view : watchThrough(loss, run)) {
            assertThat(view.text()).isEqualTo(stored);
            assertThat(view.rewinds()).hasSize(1);
            assertThat(view.rewinds().getFirst().path("to").asInt()).isBetween(3, 13);
        }
        assertThat(RunView.stored(scene.anyApi(), scene.thread, run)).isEqualTo(stored);
    }

    /** What watchers of the other nodes saw, to the end. */
    private List<RunView> watchThrough(Loss loss, String run) {
        var owner = scene.ownerOf(run);
        List<SseClient> watchers = new ArrayList<>();
        for (var node : scene.cluster.nodes()) {
            if (node != owner) {
                watchers.add(scene.cluster.api(node).attach(scene.thread));
                watchers.add(scene.cluster.api(node).attachRun(run));
            }
        }
        watchers.forEach(watcher -> awaitChunk(watcher, run, 20));
        loss.strike(owner);
        try {
            watchers.forEach(watcher -> awaitTerminal(watcher, run));
        } finally {
            loss.after(owner);
        }
        watchers.forEach(SseClient::close);
        return watchers.stream().map(w -> RunView.of(run, w.events())).toList();
    }

    @Test
    void f1_a_watcher_of_the_dead_node_continues_on_another_and_ends_right() {
        var run = scene.say(2, scene.prompt("slow:120x40"));
        var owner = scene.ownerOf(run);
        var watcher = scene.cluster.api(owner).attach(scene.thread);
        awaitChunk(watcher, run, 20);
        owner.kill9();
        watcher.awaitEnd(SOON);
        var next = watcher.resumeOn(scene.cluster.survivorOf(owner).url());
        awaitTerminal(next, run);
        var all = new ArrayList<>(watcher.events());
        all.addAll(next.events());
        assertThat(RunView.of(run, all).text()).isEqualTo(chunks(120));
        next.close();
    }

    @Test
    void f1_a_client_of_the_ai_sdk_reads_on_as_if_nothing_were() {
        var run = scene.say(1, scene.prompt("slow:150x40"));
        var owner = scene.ownerOf(run);
        var survivor = scene.cluster.survivorOf(owner);
        var path = "/api/chat/" + run + "/stream";
        var client = scene.cluster.api(survivor).stream(path, Map.of());
        var counting = scene.cluster.api(survivor).stream(path + "?startIndex=0", Map.of());
        client.await("some text", SOON, e -> e.data().contains("chunk-10 "));
        owner.kill9();
        for (var reader : List.of(client, counting)) {
            reader.await("the end", SOON, e -> e.data().equals("[DONE]"));
            assertThat(deltas(reader)).isEqualTo(chunks(150));
            reader.close();
        }
    }

    @Test
    void f1_a_client_of_the_ai_sdk_is_cut_by_another_answer_and_finds_all_of_it_when_it_resumes() {
        var run = scene.say(1, scene.prompt("slow:150x40 diverge:11"));
        var owner = scene.ownerOf(run);
        var survivor = scene.cluster.survivorOf(owner);
        var path = "/api/chat/" + run + "/stream";
        var client = scene.cluster.api(survivor).stream(path, Map.of());
        client.await("some text", SOON, e -> e.data().contains("chunk-20 "));
        owner.kill9();
        assertThat(client.awaitEnd(SOON)).isEqualTo(SseClient.Ending.BROKEN);
        var resumed = scene.cluster.api(survivor).stream(path, Map.of());
        resumed.await("the end", SOON, e -> e.data().equals("[DONE]"));
        assertThat(deltas(resumed)).startsWith(chunks(10) + "other-11 ").endsWith("other-150 ");
        resumed.close();
    }

    /** A lock on the thread holds the finish back, which comes after everything it said is stored. */
    @Test
    void f3_a_kill_between_the_last_record_and_the_finish_costs_no_second_call() throws SQLException {
        var prompt = scene.prompt("slow:10x60");
        var run = scene.say(3, prompt);
        var owner = scene.ownerOf(run);
        var database = new PGSimpleDataSource();
        database.setUrl(scene.cluster.databaseUrl());
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("select 1 from threads t join runs r using (thread_id) where r.run_id = '" + run
                    + "' for update of t");
            Await.until("the last step is stored", SOON, () -> lastRecordSaysFinal(run));
            owner.kill9();
            connection.rollback();
        }
        var end = scene.anyApi().awaitEnd(run, SOON);
        assertThat(end.path("state").asText()).isEqualTo("completed");
        assertThat(RunView.stored(scene.anyApi(), scene.thread, run)).isEqualTo(chunks(10));
        assertThat(scene.cluster.providerCalls(prompt)).isEqualTo(1);
    }

    private boolean lastRecordSaysFinal(String run) {
        var database = new PGSimpleDataSource();
        database.setUrl(scene.cluster.databaseUrl());
        try (var connection = database.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select 1 from run_segments where run_id = '" + run
                        + "' and position('\"final\"' in convert_from(payload, 'UTF8')) > 0")) {
            return rows.next();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static String deltas(SseClient client) {
        var text = new StringBuilder();
        var delta = Pattern.compile("\"delta\":\"([^\"]*)\"");
        client.events().forEach(e -> {
            var m = delta.matcher(e.data());
            if (e.data().startsWith("{\"type\":\"text-delta\"") && m.find()) {
                text.append(m.group(1));
            }
        });
        return text.toString();
    }
}
