package dev.continuo.live;

import static dev.continuo.live.LiveMessages.batch;
import static dev.continuo.live.LiveMessages.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.continuo.log.LiveMessage.Delivered;
import dev.continuo.nats.NatsConnections;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.Nats;
import dev.continuo.testkit.Ports;
import dev.continuo.testkit.TempFolder;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BrokerRestartIT {
    private static final Duration SOON = Duration.ofSeconds(5);

    private final UUID thread = UUID.randomUUID();
    private final UUID run = UUID.randomUUID();
    private final List<Delivered> got = new CopyOnWriteArrayList<>();

    @Test
    void after_a_kill_the_log_and_the_followers_go_on_where_they_were() throws Exception {
        try (var nats = Nats.launch();
                var connections = NatsConnections.to(nats.url())) {
            var live = JetStreamBridge.on(connections);
            Await.until("the stream is there", SOON, live::healthy);
            live.follow(thread, run, got::add);
            long first = stored(live.publish(thread, run, batch(1, 1, 2), 0));
            nats.kill9();
            assertThat(live.publish(thread, run, batch(1, 3, 1), first)).isInstanceOf(PublishResult.Unavailable.class);
            assertThatThrownBy(() -> live.replay(thread, run, 0)).isInstanceOf(LiveUnavailable.class);
            assertThat(live.healthy()).isFalse();
            nats.start();
            Await.until("the stream is found again", SOON, live::healthy);
            long second = stored(live.publish(thread, run, batch(1, 3, 1), first));
            var all = List.of(new Delivered(first, batch(1, 1, 2)), new Delivered(second, batch(1, 3, 1)));
            Await.until("the follower has both", SOON, () -> got.size() == 2);
            assertThat(got).isEqualTo(all);
            assertThat(live.replay(thread, run, 0)).isEqualTo(all);
            assertThat(connections.state().failures()).isPositive();
            assertThat(connections.state().good()).isTrue();
        }
    }

    @Test
    void after_the_loss_of_the_store_the_stream_is_made_anew_and_the_followers_live() {
        try (var nats = Nats.launch();
                var connections = NatsConnections.to(nats.url())) {
            var live = JetStreamBridge.on(connections);
            Await.until("the stream is there", SOON, live::healthy);
            live.follow(thread, run, got::add);
            long before = 0;
            for (int i = 1; i <= 5; i++) {
                before = stored(live.publish(thread, run, batch(1, i, 1), before));
            }
            nats.startEmpty();
            Await.until("the stream is made anew", SOON, live::healthy);
            assertThat(live.publish(thread, run, batch(1, 6, 1), before)).isEqualTo(new PublishResult.Refused());
            followedAgain(live, 6);
        }
    }

    @Test
    void a_stream_that_was_deleted_under_our_feet_comes_back_with_the_next_publish() throws Exception {
        try (var nats = Nats.launch();
                var connections = NatsConnections.to(nats.url())) {
            var live = JetStreamBridge.on(connections);
            Await.until("the stream is there", SOON, live::healthy);
            connections.tails().connection().orElseThrow().jetStreamManagement().deleteStream(StreamSettings.STREAM);
            assertThat(live.publish(thread, run, batch(1, 1, 1), 0)).isInstanceOf(PublishResult.Unavailable.class);
            Await.until("it is made anew", SOON, live::healthy);
            stored(live.publish(thread, run, batch(1, 1, 1), 0));
        }
    }

    @Test
    void a_node_starts_without_nats_and_is_live_once_it_comes() {
        int port = Ports.free();
        try (var connections = NatsConnections.to("nats://127.0.0.1:" + port)) {
            var live = JetStreamBridge.on(connections);
            live.follow(thread, run, got::add);
            assertThat(live.publish(thread, run, batch(1, 1, 1), 0)).isInstanceOf(PublishResult.Unavailable.class);
            Await.until("a failure was counted", SOON, () -> connections.state().failures() > 0);
            try (var nats = Nats.launch(TempFolder.create("nats"), port)) {
                Await.until("the stream is there", SOON, live::healthy);
                followedAgain(live, 1);
            }
        }
    }

    /** Publishes on until a message arrives: the subscription comes back on its own, a moment after the stream. */
    private void followedAgain(JetStreamBridge live, int first) {
        int before = got.size();
        var idx = new AtomicInteger(first);
        var seq = new AtomicLong();
        Await.until("a message arrives", SOON, () -> {
            seq.set(stored(live.publish(thread, run, batch(1, idx.getAndIncrement(), 1), seq.get())));
            return got.size() > before;
        });
    }

    @Test
    void a_frozen_broker_costs_one_request_timeout_and_a_resend_is_stored_once() throws Exception {
        try (var nats = Nats.launch();
                var connections = NatsConnections.to(nats.url())) {
            var live = JetStreamBridge.on(connections);
            Await.until("the stream is there", SOON, live::healthy);
            nats.freeze();
            int idx = 1;
            long seq = 0;
            long start = System.nanoTime();
            // A process stops a moment after its signal.
            while (live.publish(thread, run, batch(1, idx, 1), seq) instanceof PublishResult.Stored(long at)) {
                seq = at;
                idx++;
                start = System.nanoTime();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
            nats.thaw();
            Await.until("the stream is found again", SOON, live::healthy);
            stored(live.publish(thread, run, batch(1, idx, 1), seq));
            assertThat(live.replay(thread, run, 0)).hasSize(idx);
        }
    }
}
