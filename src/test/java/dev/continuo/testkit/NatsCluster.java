package dev.continuo.testkit;

import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Three nats-servers that keep three copies of a stream, on ports that they keep through every kill and start. */
public final class NatsCluster implements AutoCloseable {
    private static final int SERVERS = 3;

    private final List<Integer> clients = ports();
    private final List<Integer> routes = ports();
    private final List<Path> folders;
    private final Map<String, Child> running = new TreeMap<>();

    private NatsCluster() {
        folders = Stream.generate(() -> TempFolder.create("nats-cluster"))
                .limit(SERVERS)
                .toList();
        for (int i = 0; i < SERVERS; i++) {
            start(name(i));
        }
    }

    private static List<Integer> ports() {
        return Stream.generate(Ports::free).limit(SERVERS).toList();
    }

    private static String name(int i) {
        return "b" + i;
    }

    /** Does not wait until they have found each other; who needs the stream asks for it again until it is there. */
    public static NatsCluster launch() {
        return new NatsCluster();
    }

    /** All three, as {@code continuo.nats.url} takes them. */
    public String urls() {
        return clients.stream().map(port -> "nats://127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    public void start(String name) {
        int i = Integer.parseInt(name.substring(1));
        try {
            var config = Files.writeString(folders.get(i).resolve("nats.conf"), """
                    server_name: %s
                    listen: "127.0.0.1:%d"
                    jetstream { store_dir: "%s", max_memory_store: 64MB, max_file_store: 1GB }
                    cluster { name: test, listen: "127.0.0.1:%d", routes: [%s] }
                    """.formatted(
                            name,
                            clients.get(i),
                            folders.get(i).resolve("store"),
                            routes.get(i),
                            routes.stream()
                                    .map(port -> "\"nats://127.0.0.1:" + port + "\"")
                                    .collect(Collectors.joining(", "))));
            var program = Child.executable("nats-server").orElseThrow().toString();
            running.put(
                    name,
                    Child.start(
                            name,
                            folders.get(i).resolve("nats.log"),
                            Map.of(),
                            List.of(program, "-c", config.toString())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL. */
    public void kill9(String name) {
        running.get(name).kill9();
    }

    /** The server that leads the stream now; waits while there is none. */
    public String leader(String stream) {
        var found = new String[1];
        Await.until("the stream " + stream + " has a leader", Duration.ofSeconds(40), Duration.ofMillis(100), () -> {
            found[0] = askForLeader(stream);
            return found[0] != null;
        });
        return found[0];
    }

    private String askForLeader(String stream) {
        var options = new Options.Builder()
                .servers(urls().split(","))
                .connectionTimeout(Duration.ofSeconds(2))
                .build();
        try (var connection = Nats.connect(options)) {
            var info = connection.jetStreamManagement().getStreamInfo(stream).getClusterInfo();
            return info == null ? null : info.getLeader();
        } catch (IOException | JetStreamApiException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Starts again whoever was killed. */
    public void heal() {
        IntStream.range(0, SERVERS)
                .mapToObj(NatsCluster::name)
                .filter(name -> !running.get(name).alive())
                .forEach(this::start);
    }

    @Override
    public void close() {
        running.values().forEach(Child::kill9);
        folders.forEach(folder -> TempFolder.delete(folder.resolve("store")));
    }
}
