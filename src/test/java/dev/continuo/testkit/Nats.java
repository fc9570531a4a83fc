package dev.continuo.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A nats-server of its own with JetStream on files. It keeps its port, and its store unless told otherwise, through every
 * kill and start. */
public final class Nats implements AutoCloseable {
    private final Path folder;
    private final int port;
    private Child child;

    private Nats(Path folder, int port) {
        this.folder = folder;
        this.port = port;
        start();
    }

    /** On a free port, with its files under the build's folder. */
    public static Nats launch() {
        return new Nats(TempFolder.create("nats"), Ports.free());
    }

    public static Nats launch(Path folder, int port) {
        return new Nats(folder.toAbsolutePath(), port);
    }

    /** One for all tests of this JVM that neither stop nor empty it. */
    public static Nats shared() {
        return Shared.INSTANCE;
    }

    public static boolean installed() {
        return Child.executable("nats-server").isPresent();
    }

    public String url() {
        return "nats://127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    public long pid() {
        return child.pid();
    }

    public boolean running() {
        return child.alive();
    }

    /** Returns once it accepts clients. */
    public void start() {
        Path server = Child.executable("nats-server")
                .orElseThrow(() -> new IllegalStateException("nats-server is missing: apt-get install nats-server"));
        child = Child.start(
                "nats-server", folder.resolve("nats.log"), Map.of(), List.of(server.toString(), "-c", config()));
        Await.until(
                "nats-server greets on port " + port + "\n" + folder.resolve("nats.log"),
                Duration.ofSeconds(20),
                this::greets);
    }

    private String config() {
        try {
            Files.createDirectories(folder);
            Path file = folder.resolve("nats.conf");
            Files.writeString(file, """
                    listen: "127.0.0.1:%d"
                    jetstream { store_dir: "%s", max_memory_store: 256MB, max_file_store: 4GB }
                    """.formatted(port, folder.resolve("store")));
            return file.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean greets() {
        if (!child.alive()) {
            throw new AssertionError("nats-server ended:\n" + child.lastWords());
        }
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port);
                InputStream in = socket.getInputStream()) {
            socket.setSoTimeout(1_000);
            return in.read() == 'I';
        } catch (IOException e) {
            return false;
        }
    }

    /** SIGKILL: what was acknowledged stays in the store. */
    public void kill9() {
        child.kill9();
    }

    /** Starts with nothing in the store, as after the loss of a disk. */
    public void startEmpty() {
        child.kill9();
        TempFolder.delete(folder.resolve("store"));
        start();
    }

    /** Where the streams are. */
    public Path store() {
        return folder.resolve("store");
    }

    public void stop() {
        child.end(Duration.ofSeconds(5));
    }

    /** SIGSTOP: connections stay, nothing is answered. */
    public void freeze() {
        child.stop();
    }

    public void thaw() {
        child.cont();
    }

    @Override
    public void close() {
        child.kill9();
        TempFolder.delete(folder.resolve("store"));
    }

    private static final class Shared {
        static final Nats INSTANCE = launch();
    }
}
