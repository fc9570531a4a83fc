package dev.continuo.live;

import static dev.continuo.live.LiveMessages.batch;
import static dev.continuo.live.LiveMessages.stored;
import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.log.LiveMessage;
import dev.continuo.log.LiveMessage.Delivered;
import dev.continuo.nats.NatsConnections;
import dev.continuo.nats.Subjects;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.Nats;
import io.nats.client.api.StorageType;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JetStreamBridgeIT implements LiveLogContract {
    private static NatsConnections connections;
    private static JetStreamBridge live;

    @BeforeAll
    static void connect() {
        connections = NatsConnections.to(Nats.shared().url());
        live = JetStreamBridge.on(connections);
        Await.until("the stream is there", Duration.ofSeconds(5), live::healthy);
    }

    @AfterAll
    static void close() {
        connections.close();
    }

    @Override
    public LiveLog live() {
        return live;
    }

    @Test
    void the_stream_is_kept_in_files_limited_per_run_and_read_from_its_leader_only() throws Exception {
        var stream = connections
                .producers()
                .connection()
                .orElseThrow()
                .jetStreamManagement()
                .getStreamInfo(StreamSettings.STREAM)
                .getConfiguration();
        assertThat(stream.getStorageType()).isEqualTo(StorageType.File);
        assertThat(stream.getMaxMsgsPerSubject()).isEqualTo(20_000);
        assertThat(stream.getMaxBytes()).isEqualTo(-1);
        assertThat(stream.getAllowDirect()).isFalse();
        assertThat(new StreamSettings().differs(stream)).isFalse();
    }

    @Test
    void a_follower_sees_a_message_only_after_it_was_stored() {
        var run = UUID.randomUUID();
        var storedWhenSeen = new CopyOnWriteArrayList<Boolean>();
        try (var _ = live.follow(THREAD, run, d -> storedWhenSeen.add(isStored(run, d)))) {
            long seq = 0;
            for (int i = 1; i <= 50; i++) {
                seq = stored(live.publish(THREAD, run, batch(1, i, 1), seq));
            }
            Await.until("all are seen", Duration.ofSeconds(5), () -> storedWhenSeen.size() == 50);
        }
        assertThat(storedWhenSeen).containsOnly(true);
    }

    @Test
    void a_thousand_tails_that_begin_at_once_do_not_cost_the_connection() throws Exception {
        int lost = connections.tails().lost();
        var got = new CopyOnWriteArrayList<UUID>();
        var runs = IntStream.range(0, 1000).mapToObj(_ -> UUID.randomUUID()).toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = runs.stream()
                    .map(run -> threads.submit(() -> {
                        var follow = live.follow(THREAD, run, _ -> got.add(run));
                        stored(live.publish(THREAD, run, batch(1, 1, 1), 0));
                        return follow;
                    }))
                    .toList();
            for (var one : all) {
                one.get();
            }
            Await.until("each got its message", Duration.ofSeconds(20), () -> got.size() == runs.size());
            for (var one : all) {
                one.get().close();
            }
        }
        assertThat(got).containsExactlyInAnyOrderElementsOf(runs);
        assertThat(connections.tails().lost()).isEqualTo(lost);
    }

    private static boolean isStored(UUID run, Delivered d) {
        try {
            return live.last(THREAD, run).orElseThrow().seq() >= d.seq();
        } catch (LiveUnavailable e) {
            return false;
        }
    }

    @Test
    void ten_thousand_messages_are_replayed_in_order() throws Exception {
        var run = UUID.randomUUID();
        long seq = 0;
        for (int i = 1; i <= 10_000; i++) {
            seq = stored(live.publish(THREAD, run, batch(1, i, 1), seq));
        }
        assertThat(live.replay(THREAD, run, 0).stream().map(d -> ((LiveMessage.Batch) d.message()).first()))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 10_000).boxed().toList());
    }

    @Test
    void messages_of_strangers_on_a_runs_subject_are_ignored() throws Exception {
        var run = UUID.randomUUID();
        var got = new CopyOnWriteArrayList<Delivered>();
        var stranger = connections.tails().connection().orElseThrow();
        try (var _ = live.follow(THREAD, run, got::add)) {
            stranger.jetStream().publish(Subjects.log(THREAD, run), "{\"chunk\":".getBytes());
            long seq = stranger.jetStreamManagement()
                    .getLastMessage(StreamSettings.STREAM, Subjects.log(THREAD, run))
                    .getSeq();
            stored(live.publish(THREAD, run, batch(1, 1, 1), seq));
            Await.until("ours arrives", Duration.ofSeconds(5), () -> got.size() == 1);
            assertThat(live.replay(THREAD, run, 0)).isEqualTo(got);
        }
    }
}
