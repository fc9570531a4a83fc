package dev.continuo.live;

import static dev.continuo.live.LiveMessages.batch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.live.PublishResult.Refused;
import dev.continuo.live.PublishResult.Stored;
import dev.continuo.live.PublishResult.Unavailable;
import dev.continuo.log.LiveMessage;
import dev.continuo.log.LiveMessage.Delivered;
import dev.continuo.nats.NatsConnections;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.NatsCluster;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Three brokers, three copies of the stream, and the leader dies. */
class BrokerClusterIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final int MESSAGES = 300;

    private final NatsCluster brokers = NatsCluster.launch();
    private final UUID thread = UUID.randomUUID();
    private final UUID run = UUID.randomUUID();

    @AfterEach
    void stop() {
        brokers.close();
    }

    @Test
    void the_death_of_the_streams_leader_costs_a_moment_and_no_message() throws Exception {
        Set<Integer> followed = new ConcurrentSkipListSet<>();
        try (var connections = NatsConnections.to(brokers.urls())) {
            var live = JetStreamBridge.on(connections, new StreamSettings(3, 20_000, Duration.ofSeconds(2)));
            Await.until("three brokers have the stream", SOON, live::healthy);
            try (var _ = live.follow(thread, run, d -> followed.addAll(indices(d)))) {
                var owner = new Owner(live);
                for (int idx = 1; idx <= MESSAGES; idx++) {
                    if (idx == MESSAGES / 3) {
                        brokers.kill9(brokers.leader(StreamSettings.STREAM));
                    }
                    owner.publish(idx);
                }
                var stored = new TreeSet<Integer>();
                Await.until("all can be replayed", SOON, () -> {
                    replay(live).forEach(d -> stored.addAll(indices(d)));
                    return stored.size() == MESSAGES;
                });
                Await.until("the follower hears the living", SOON, () -> {
                    owner.publish(MESSAGES + 1 + followed.size());
                    return followed.stream().anyMatch(i -> i > MESSAGES);
                });
                assertThat(stored)
                        .containsExactlyElementsOf(
                                IntStream.rangeClosed(1, MESSAGES).boxed().toList());
            }
        }
    }

    /** What an owner does: resends unchanged, and looks at the last message when it is refused. */
    private final class Owner {
        private final LiveLog live;
        private long seq;

        Owner(LiveLog live) {
            this.live = live;
        }

        void publish(int idx) {
            Await.until("message " + idx + " is stored", SOON, () -> switch (live.publish(
                    thread, run, batch(1, idx, 1), seq)) {
                case Stored(long at) -> {
                    seq = at;
                    yield true;
                }
                case Refused _ -> {
                    seq = last();
                    yield false;
                }
                case Unavailable _ -> false;
            });
        }

        private long last() {
            try {
                return live.last(thread, run).map(Delivered::seq).orElse(0L);
            } catch (LiveUnavailable e) {
                return seq;
            }
        }
    }

    private List<Delivered> replay(LiveLog live) {
        try {
            return live.replay(thread, run, 0);
        } catch (LiveUnavailable e) {
            return List.of();
        }
    }

    private static List<Integer> indices(Delivered delivered) {
        return delivered.message() instanceof LiveMessage.Batch b
                ? IntStream.rangeClosed(b.first(), b.last()).boxed().toList()
                : List.of();
    }
}
