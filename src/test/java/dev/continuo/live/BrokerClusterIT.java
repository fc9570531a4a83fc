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
import dev.continuo.testkit.Child;
import dev.continuo.testkit.Ports;
import dev.continuo.testkit.TempFolder;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Three brokers, three copies of the stream, and the leader dies. */
class BrokerClusterIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final int MESSAGES = 300;

    private final List<Integer> clients = Stream.generate(Ports::free).limit(3).toList();
    private final List<Integer> routes = Stream.generate(Ports::free).limit(3).toList();
    private final Map<String, Child> brokers = new HashMap<>();
    private final UUID thread = UUID.randomUUID();
    private final UUID run = UUID.randomUUID();

    private void start(int i) throws IOException {
        Path folder = TempFolder.create("nats-cluster");
        var config = Files.writeString(folder.resolve("nats.conf"), """
                server_name: b%d
                listen: "127.0.0.1:%d"
                jetstream { store_dir: "%s", max_memory_store: 64MB, max_file_store: 1GB }
                cluster { name: test, listen: "127.0.0.1:%d", routes: [%s] }
                """.formatted(
                i,
                clients.get(i),
                folder.resolve("store"),
                routes.get(i),
                routes.stream().map(port -> "\"nats://127.0.0.1:" + port + "\"").collect(Collectors.joining(", "))));
        var program = Child.executable("nats-server").orElseThrow().toString();
        brokers.put(
                "b" + i,
                Child.start("b" + i, folder.resolve("nats.log"), Map.of(), List.of(program, "-c", config.toString())));
    }

    @AfterEach
    void stop() {
        brokers.values().forEach(Child::kill9);
    }

    @Test
    void the_death_of_the_streams_leader_costs_a_moment_and_no_message() throws Exception {
        for (int i = 0; i < 3; i++) {
            start(i);
        }
        var urls = clients.stream().map(port -> "nats://127.0.0.1:" + port).collect(Collectors.joining(","));
        Set<Integer> followed = new ConcurrentSkipListSet<>();
        try (var connections = NatsConnections.to(urls)) {
            var live = JetStreamBridge.on(connections, new StreamSettings(3, 20_000, Duration.ofSeconds(2)));
            Await.until("three brokers have the stream", SOON, live::healthy);
            try (var _ = live.follow(thread, run, d -> followed.addAll(indices(d)))) {
                var owner = new Owner(live);
                for (int idx = 1; idx <= MESSAGES; idx++) {
                    if (idx == MESSAGES / 3) {
                        brokers.get(leader(connections)).kill9();
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

    private static String leader(NatsConnections connections) throws IOException, JetStreamApiException {
        return connections
                .producers()
                .connection()
                .orElseThrow()
                .jetStreamManagement()
                .getStreamInfo(StreamSettings.STREAM)
                .getClusterInfo()
                .getLeader();
    }
}
