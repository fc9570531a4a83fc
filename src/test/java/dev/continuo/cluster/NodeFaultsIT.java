package dev.continuo.cluster;

import static dev.continuo.cluster.Scene.SOON;
import static dev.continuo.cluster.Scene.awaitChunk;
import static dev.continuo.cluster.Scene.awaitTerminal;
import static dev.continuo.cluster.Scene.chunks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.continuo.testkit.Api;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.CommitTrap;
import dev.continuo.testkit.LibertyNode;
import dev.continuo.testkit.RunView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Nodes die or freeze at the moments that hurt most; lines that hold a COMMIT make them exact. */
class NodeFaultsIT {
    private final Scene scene = Scene.open();

    @Test
    void f2_a_kill_between_the_accept_and_its_wake_up_delays_the_run_and_nothing_else() {
        var prompt = scene.prompt("many:5");
        var key = UUID.randomUUID().toString();
        var node = scene.cluster.node(1);
        var trap =
                scene.cluster.lines(1).database().trapCommit("insert into messages", CommitTrap.Then.HOLD_THE_ANSWER);
        var unanswered = inBackground(() -> scene.api(1).post(path(), Api.message(key, prompt)));
        trap.awaitSprung(SOON);
        node.kill9();
        assertThat(unanswered.handle((reply, broken) -> broken).join()).isInstanceOf(CompletionException.class);
        var again =
                scene.api(2).post(path(), Api.message(key, prompt)).expect(202).json();
        var run = again.path("runId").asText();
        assertThat(scene.api(2).awaitEnd(run, SOON).path("state").asText()).isEqualTo("completed");
        Figures.line("· F2 accepted → claimed by another node: "
                + scene.sql(
                                "select round(1000 * extract(epoch from first_claimed_at - created_at)) from runs where run_id = '"
                                        + run + "'")
                        .orElseThrow()
                + " ms");
        assertThat(RunView.stored(scene.api(2), scene.thread, run)).isEqualTo(chunks(5));
        assertThat(scene.cluster.providerCalls(prompt)).isEqualTo(1);
    }

    @Test
    void f4_a_kill_after_the_finish_committed_and_before_anybody_heard_of_it_shows_one_terminal() {
        var prompt = scene.prompt("slow:30x40");
        var run = scene.say(2, prompt);
        var owner = scene.ownerOf(run);
        var trap = scene.cluster.lines(owner).database().trapCommit("finished_at =", CommitTrap.Then.HOLD_THE_ANSWER);
        var watchers =
                List.of(scene.beside(owner).attachRun(run), scene.beside(owner).attach(scene.thread));
        trap.awaitSprung(SOON);
        long committed = System.nanoTime();
        owner.kill9();
        watchers.forEach(watcher -> awaitTerminal(watcher, run));
        Figures.print("F4 finish committed, owner dead → terminal", committed, System.nanoTime());
        assertThat(scene.beside(owner).run(run).path("epoch").asInt()).isEqualTo(1);
        assertThat(scene.cluster.providerCalls(prompt)).isEqualTo(1);
        scene.assertAllSaw(run, chunks(30), watchers);
    }

    /** A watcher that was not armed again after the reconnect would be blind here. */
    @Test
    void f8_the_broker_restarts_and_then_the_owner_is_killed() {
        var run = scene.say(1, scene.prompt("slow:200x40"));
        var owner = scene.ownerOf(run);
        var watchers =
                List.of(scene.beside(owner).attachRun(run), scene.beside(owner).attach(scene.thread));
        watchers.forEach(watcher -> awaitChunk(watcher, run, 20));
        scene.cluster.nats().kill9();
        scene.cluster.nats().start();
        watchers.forEach(watcher -> awaitChunk(watcher, run, 60));
        long killed = System.nanoTime();
        owner.kill9();
        Figures.print("F1 SIGKILL after a restart of the broker → new epoch", killed, scene.awaitOpened(run, 2));
        watchers.forEach(watcher -> awaitTerminal(watcher, run));
        scene.assertAllSaw(run, chunks(200), watchers);
    }

    @Test
    void f17_nodes_an_hour_ahead_and_an_hour_behind_keep_order_and_leases() throws IOException {
        var faketime = faketime();
        assumeTrue(faketime.isPresent(), "libfaketime is missing (apt-get install faketime): F17 is not tried");
        restartWithClock(2, "+3600", faketime.get());
        restartWithClock(3, "-3600", faketime.get());
        try {
            scene.cluster.nodes().forEach(LibertyNode::awaitReady);
            assertThat(clockOf(2)).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
            assertThat(clockOf(3)).isBetween(Duration.ofMinutes(-61), Duration.ofMinutes(-59));
            scene.api(1)
                    .post("/api/threads", "{\"id\":\"" + scene.thread + "\"}")
                    .expect(201);
            var watcher = scene.api(3).attach(scene.thread);
            watcher.awaitEvent("open", SOON);
            var runs = IntStream.range(0, 9)
                    .mapToObj(n -> scene.say(1 + n % 3, scene.prompt("slow:3x20")))
                    .toList();
            runs.forEach(run -> awaitTerminal(watcher, run));
            assertThat(watcher.events().stream().filter(e -> e.is("terminal")).map(e -> e.id().substring(0, 36)))
                    .isEqualTo(runs);
            watcher.close();
            nobodyLosesARunThatIsLongerThanALease();
        } finally {
            scene.cluster.node(2).kill9();
            scene.cluster.node(3).kill9();
        }
    }

    private void nobodyLosesARunThatIsLongerThanALease() {
        var kept = IntStream.rangeClosed(1, 3)
                .mapToObj(n -> scene.cluster
                        .api(n)
                        .say("t-" + UUID.randomUUID(), UUID.randomUUID().toString(), scene.prompt("slow:200x40"))
                        .path("runId")
                        .asText())
                .toList();
        for (var run : kept) {
            var end = scene.api(1).awaitEnd(run, SOON);
            assertThat(end.path("epoch").asInt()).isEqualTo(1);
            assertThat(end.path("state").asText()).isEqualTo("completed");
        }
    }

    private void restartWithClock(int number, String offset, Path library) {
        var node = scene.cluster.node(number);
        node.kill9();
        node.start(Map.of(
                "LD_PRELOAD",
                library.toString(),
                "FAKETIME",
                offset,
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                "DONT_FAKE_MONOTONIC",
                "1",
                // Else waits of the JVM, which are on the monotonic clock, return at once.
                "FAKETIME_FORCE_MONOTONIC_FIX",
                "0"));
    }

    /** How far its clock is ahead, as it says itself. */
    private Duration clockOf(int number) {
        var date = scene.api(number)
                .get("/health/ready")
                .headers()
                .firstValue("date")
                .orElseThrow();
        return Duration.between(
                Instant.now(),
                ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    }

    private static Optional<Path> faketime() throws IOException {
        try (var folders = Files.list(Path.of("/usr/lib"))) {
            return folders.map(folder -> folder.resolve("faketime/libfaketimeMT.so.1"))
                    .filter(Files::exists)
                    .findFirst();
        }
    }

    @Test
    void f20_a_message_whose_owners_die_three_times_in_a_row_fails_with_its_part_kept_and_the_queue_goes_on() {
        var poison = scene.prompt("slow:5000x40");
        var run = scene.say(1, poison);
        var next = scene.say(2, scene.prompt("many:4"));
        var owner = scene.ownerOf(run);
        try (var follower =
                new Follower(scene.cluster, scene.cluster.survivorOf(owner), "/api/runs/" + run + "/attach", run)) {
            follower.await("text", e -> e.data().contains("chunk-10 "));
            for (int death = 1; death <= 3; death++) {
                int calls = death;
                owner = death == 1 ? owner : scene.ownerAfter(owner, run);
                Await.until("call " + death, SOON, () -> scene.cluster.providerCalls(poison) == calls);
                scene.readyBeside(owner);
                owner.kill9();
                owner.start();
            }
            follower.awaitEnd();
            var api = scene.readyBeside(owner);
            var end = api.awaitEnd(run, SOON);
            assertThat(end.path("state").asText()).isEqualTo("failed");
            assertThat(end.path("error").path("code").asText()).isEqualTo("attempts_exhausted");
            assertThat(end.path("attempts").findValuesAsText("outcome")).containsExactly("lost", "lost", "lost");
            assertThat(scene.cluster.providerCalls(poison)).isEqualTo(3);
            var view = RunView.of(run, follower.events());
            assertThat(view.state()).isEqualTo("failed");
            assertThat(view.rewinds()).isEmpty();
            assertThat(view.text()).startsWith(chunks(10));
            assertThat(RunView.stored(api, scene.thread, run)).isEqualTo(view.text());
            assertThat(api.awaitEnd(next, SOON).path("state").asText()).isEqualTo("completed");
        }
    }

    @Test
    void f22_a_cancel_that_races_the_finish_ends_the_run_once() throws SQLException {
        var run = scene.say(1, scene.prompt("slow:10x60"));
        var watcher = scene.api(3).attach(scene.thread);
        var database = new PGSimpleDataSource();
        database.setUrl(scene.cluster.databaseUrl());
        CompletableFuture<Api.Reply> cancel;
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("select 1 from threads t join runs r using (thread_id) where r.run_id = '" + run
                    + "' for update of t");
            Await.until("the finish waits for the thread", SOON, () -> waiting() >= 1);
            cancel = inBackground(() -> scene.api(2).cancel(run));
            Await.until("the cancel waits, too", SOON, () -> waiting() >= 2);
            connection.rollback();
        }
        var end = scene.api(3).awaitEnd(run, SOON);
        awaitTerminal(watcher, run);
        var reply = cancel.join();
        assertThat(end.path("state").asText()).isEqualTo(reply.status() == 409 ? "completed" : "cancelled");
        assertThat(RunView.of(run, watcher.events()).state())
                .isEqualTo(end.path("state").asText());
        watcher.close();
    }

    private int waiting() {
        return Integer.parseInt(
                scene.sql("select count(*) from pg_stat_activity where wait_event_type = 'Lock' and state = 'active'")
                        .orElseThrow());
    }

    @Test
    void f22_a_cancel_works_when_the_owner_is_frozen_and_costs_no_further_call() {
        var prompt = scene.prompt("slow:500x40");
        var run = scene.say(1, prompt);
        var owner = scene.ownerOf(run);
        var watcher = scene.beside(owner).attach(scene.thread);
        awaitChunk(watcher, run, 20);
        owner.freeze();
        assertThat(scene.beside(owner).cancel(run).status()).isEqualTo(202);
        var other = scene.cluster.nodes().stream()
                .filter(node -> node != owner)
                .findFirst()
                .orElseThrow();
        assertThat(scene.cluster.api(other).awaitEnd(run, SOON).path("state").asText())
                .isEqualTo("cancelled");
        awaitTerminal(watcher, run);
        owner.thaw();
        Await.until("the zombie has hung up", SOON, () -> scene.cluster.openProviderCalls(prompt) == 0);
        var text = RunView.of(run, watcher.events()).text();
        assertThat(chunks(500)).startsWith(text);
        scene.assertAllSaw(run, text, List.of(watcher));
        assertThat(scene.cluster.providerCalls(prompt)).isEqualTo(1);
    }

    @Test
    void f23_a_node_that_freezes_inside_a_transaction_blocks_its_thread_for_seconds_only() {
        var key = UUID.randomUUID().toString();
        var earlier = scene.say(1, scene.prompt("many:1"));
        scene.api(1).awaitEnd(earlier, SOON); // else its finish may freeze behind the same lock, for as long again
        var node = scene.cluster.node(1);
        var trap =
                scene.cluster.lines(1).database().trapCommit("insert into messages", CommitTrap.Then.HOLD_THE_REQUEST);
        var frozen = inBackground(() -> scene.api(1).post(path(), Api.message(key, "many:1")));
        trap.awaitSprung(SOON);
        node.freeze();
        long froze = System.nanoTime();
        var other = scene.say(2, scene.prompt("many:2"));
        Figures.print("F23 frozen inside a transaction → the next message accepted", froze, System.nanoTime());
        assertThat(scene.api(2).awaitEnd(other, SOON).path("state").asText()).isEqualTo("completed");
        node.thaw();
        trap.release();
        assertThat(frozen.join().status()).isEqualTo(503);
        var again = scene.api(1)
                .post(path(), Api.message(key, "many:1"))
                .expect(202)
                .json();
        assertThat(scene.api(1)
                        .awaitEnd(again.path("runId").asText(), SOON)
                        .path("state")
                        .asText())
                .isEqualTo("completed");
    }

    private String path() {
        return "/api/threads/" + scene.thread + "/messages";
    }

    private static <T> CompletableFuture<T> inBackground(Supplier<T> call) {
        return CompletableFuture.supplyAsync(call, Executors.newVirtualThreadPerTaskExecutor());
    }
}
