package dev.continuo.cluster;

import static dev.continuo.cluster.Scene.SOON;
import static dev.continuo.cluster.Scene.awaitChunk;
import static dev.continuo.cluster.Scene.awaitTerminal;
import static dev.continuo.cluster.Scene.chunks;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.testkit.Api;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.LibertyNode;
import dev.continuo.testkit.LiveTap;
import dev.continuo.testkit.RunView;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** How soon a node that is gone is missed, and that one which only stumbled is not. */
class DeathIsNoticedIT {
    /** Twenty and more for figures that say something: {@code -Dcontinuo.kills=20}. */
    private static final int KILLS = Integer.getInteger("continuo.kills", 2);

    private final Scene scene = Scene.open();

    @Test
    void the_runs_of_a_killed_node_are_announced_anew_within_seconds() {
        List<Duration> times = new ArrayList<>();
        try (var tap = LiveTap.on(scene.cluster.natsUrl())) {
            for (int kill = 0; kill < KILLS; kill++) {
                settle();
                var owned = runsByOwner();
                var victim = owned.keySet().iterator().next();
                long killed = System.nanoTime();
                victim.kill9();
                for (var run : owned.get(victim)) {
                    times.add(Duration.ofNanos(tap.awaitMarker(run, 2, SOON).at() - killed));
                }
                owned.values().forEach(runs -> runs.forEach(scene.anyApi()::cancel));
                scene.cluster.heal();
            }
        }
        Figures.print("SIGKILL: from the kill to the new marker", times);
    }

    /** Three nodes that may judge each other: nobody has just started, so nobody's right to reap is still too young. */
    private void settle() {
        Await.until("all beats are fresh", SOON, Duration.ofMillis(100), () -> {
            int fresh = 0;
            for (var node : scene.anyApi().get("/api/admin/nodes").json().path("items")) {
                fresh += node.path("alive").asBoolean()
                                && node.path("lockHeld").asBoolean()
                                && !node.path("late").asBoolean()
                        ? 1
                        : 0;
            }
            return fresh == 3;
        });
    }

    private Map<LibertyNode, List<String>> runsByOwner() {
        var owned = new HashMap<LibertyNode, List<String>>();
        for (int i = 1; i <= 6; i++) {
            var run = scene.api(1 + i % 3)
                    .say("t-" + UUID.randomUUID(), UUID.randomUUID().toString(), scene.prompt("slow:2000x100"))
                    .path("runId")
                    .asText();
            owned.computeIfAbsent(scene.ownerOf(run), _ -> new ArrayList<>()).add(run);
            scene.awaitCommitted(run, 5);
        }
        return owned;
    }

    @Test
    void a_frozen_node_is_late_before_it_is_dead_and_harmless_when_it_wakes() {
        try (var tap = LiveTap.on(scene.cluster.natsUrl())) {
            var run = scene.say(1, scene.prompt("slow:300x50"));
            var owner = scene.ownerOf(run);
            var other = scene.cluster.api(scene.cluster.survivorOf(owner));
            var watcher = other.attachRun(run);
            awaitChunk(watcher, run, 20);
            long frozen = System.nanoTime();
            owner.freeze();
            try {
                Await.until("its beat is late, and it is not dead yet", SOON, () -> {
                    var seen = node(other, owner);
                    return seen.path("late").asBoolean() && seen.path("alive").asBoolean();
                });
                Figures.print(
                        "SIGSTOP: from the freeze to the marker",
                        frozen,
                        tap.awaitMarker(run, 2, SOON).at());
                assertThat(node(other, owner).path("alive").asBoolean()).isFalse();
            } finally {
                owner.thaw();
            }
            Await.until(
                    "it beats again",
                    SOON,
                    () -> node(other, owner).path("alive").asBoolean()
                            && !node(other, owner).path("late").asBoolean());
            awaitTerminal(watcher, run);
            assertThat(RunView.of(run, watcher.events()).text()).isEqualTo(chunks(300));
            assertThat(tap.of(run).stream().map(LiveTap.Seen::epoch))
                    .as("nothing of the old epoch after the new marker")
                    .isSorted();
            assertThat(scene.cluster.nodes().stream()
                            .filter(n -> n != owner)
                            .mapToInt(n -> metric(scene.cluster.api(n), "continuo_late_beats_total"))
                            .sum())
                    .as("the others counted the late beat")
                    .isPositive();
            watcher.close();
        }
    }

    /** The lock goes with the session, so a node that waited for its next beat would look dead meanwhile. */
    @Test
    void a_node_whose_heartbeat_session_is_cut_again_and_again_keeps_its_runs() throws SQLException {
        var prompt = scene.prompt("slow:250x40");
        var run = scene.say(2, prompt);
        var owner = scene.ownerOf(run);
        var watcher = scene.cluster.api(scene.cluster.survivorOf(owner)).attachRun(run);
        var lastCut = "-infinity";
        for (int cut = 1; cut <= 4; cut++) {
            awaitChunk(watcher, run, 50 * cut);
            var begunSince =
                    " from pg_stat_activity where application_name = 'continuo heartbeat' and backend_start > '"
                            + lastCut + "'";
            Await.until("each node has a new session", SOON, Duration.ofMillis(50), () -> sqlUnchecked(
                            "select count(*)" + begunSince)
                    .equals("3"));
            lastCut = sql("select clock_timestamp()");
            assertThat(sql("select count(pg_terminate_backend(pid))" + begunSince))
                    .isEqualTo("3");
        }
        awaitTerminal(watcher, run);
        var view = RunView.of(run, watcher.events());
        assertThat(view.text()).isEqualTo(chunks(250));
        assertThat(view.epochs().values()).containsOnly(1L);
        assertThat(scene.cluster.providerCalls(prompt)).isEqualTo(1);
        Await.until("it holds its lock again", SOON, () -> node(scene.anyApi(), owner)
                .path("lockHeld")
                .asBoolean());
        watcher.close();
    }

    @Test
    void a_change_of_the_settings_is_followed_without_a_restart() throws SQLException {
        sql("update settings set renewal = '300 ms' returning 1");
        try {
            var seen = new HashMap<String, TreeSet<Double>>();
            Await.until("three nodes renew four times in less than two of the usual periods", SOON, () -> {
                for (var beat : sqlUnchecked("select string_agg(node_id || ' ' || extract(epoch from renewed_at), ',')"
                                + " from nodes where lease_until > clock_timestamp()")
                        .split(",")) {
                    var words = beat.split(" ");
                    seen.computeIfAbsent(words[0], _ -> new TreeSet<>()).add(Double.valueOf(words[1]));
                }
                return seen.values().stream()
                                .filter(DeathIsNoticedIT::fourWithinThreeSeconds)
                                .count()
                        == 3;
            });
        } finally {
            sql("update settings set renewal = default returning 1");
        }
    }

    private static boolean fourWithinThreeSeconds(TreeSet<Double> beats) {
        var all = List.copyOf(beats);
        return IntStream.range(3, all.size()).anyMatch(i -> all.get(i) - all.get(i - 3) < 3);
    }

    private String sqlUnchecked(String statement) {
        try {
            return sql(statement);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private String sql(String statement) throws SQLException {
        var source = new PGSimpleDataSource();
        source.setUrl(scene.cluster.databaseUrl());
        try (var connection = source.getConnection();
                var rows = connection.createStatement().executeQuery(statement)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** The latest start of that name. */
    private static JsonNode node(Api asked, LibertyNode node) {
        for (var item : asked.get("/api/admin/nodes").expect(200).json().path("items")) {
            if (item.path("id").asText().equals(node.id())) {
                return item;
            }
        }
        throw new AssertionError(node + " is not in the list");
    }

    private static int metric(Api asked, String name) {
        return asked.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
