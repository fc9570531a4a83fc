package dev.continuo.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One Open Liberty process with a user directory and a port of its own. Its pid is that of Liberty's own JVM. */
public final class LibertyNode {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private static final Duration STARTUP = Duration.ofMinutes(10);

    private final String id;
    private final int port;
    private final Path folder;
    private final Path project;
    private final Map<String, String> environment;
    private Child child;

    LibertyNode(String id, int port, Path folder, Map<String, String> environment) {
        this.id = id;
        this.port = port;
        this.folder = folder;
        this.project = Path.of("").toAbsolutePath();
        this.environment = environment;
    }

    public String id() {
        return id;
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    public long pid() {
        return child.pid();
    }

    public Path log() {
        return folder.resolve(id + ".log");
    }

    public boolean running() {
        return child != null && child.alive();
    }

    /** Does not wait: see {@link #awaitReady()}. */
    public void start() {
        start(Map.of());
    }

    /** This time with other variables, too. */
    public void start(Map<String, String> more) {
        Path user = folder.resolve(id);
        copyConfiguration(user.resolve("servers/continuo"));
        var all = new HashMap<>(environment);
        all.put("WLP_USER_DIR", user.toString());
        all.put("JAVA_HOME", System.getProperty("java.home"));
        all.put("CONTINUO_HTTP_PORT", Integer.toString(port));
        all.putIfAbsent("CONTINUO_WAR", project.resolve("target/continuo.war").toString());
        all.put("CONTINUO_LIB", project.resolve("target/liberty/lib").toString());
        all.put("CONTINUO_NODE_ID", id);
        // Calls that a test counts, and titles that it reads, stay what they are.
        all.putIfAbsent("CONTINUO_TITLES", "off");
        all.put("CONTINUO_NODE_URL", url());
        all.putAll(more);
        child = Child.start(id, log(), all, List.of(server().toString(), "run", "continuo"));
    }

    private Path server() {
        try (var runtimes = Files.list(project.resolve(".cache"))) {
            return runtimes.map(runtime -> runtime.resolve("wlp/bin/server"))
                    .filter(Files::isExecutable)
                    .max(java.util.Comparator.naturalOrder())
                    .orElseThrow(
                            () -> new IllegalStateException("no Liberty runtime under .cache: run mvn test-compile"));
        } catch (IOException e) {
            throw new UncheckedIOException("no Liberty runtime under .cache: run mvn test-compile", e);
        }
    }

    private void copyConfiguration(Path server) {
        Path source = project.resolve("src/main/liberty/config");
        try (var files = Files.walk(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = server.resolve(source.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns once {@code /health/ready} answers 200. */
    public void awaitReady() {
        Await.until(id + " is ready at " + url() + ", see " + log(), STARTUP, Duration.ofMillis(200), () -> {
            if (!child.alive()) {
                throw new AssertionError(
                        id + " ended while it started; the last lines of " + log() + ":\n" + child.lastWords());
            }
            return ready();
        });
    }

    public boolean ready() {
        try {
            var request = HttpRequest.newBuilder(URI.create(url() + "/health/ready"))
                    .timeout(Duration.ofSeconds(3))
                    .build();
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** SIGKILL. */
    public void kill9() {
        child.kill9();
    }

    /** SIGTERM; does not wait. */
    public void term() {
        child.term();
    }

    public boolean awaitExit(Duration atMost) {
        return child.awaitExit(atMost);
    }

    /** SIGSTOP: sockets stay open, leases run out. */
    public void freeze() {
        child.stop();
    }

    public void thaw() {
        if (running()) {
            child.cont();
        }
    }

    /** Kills what runs, starts anew and returns once it is ready. */
    public void restart() {
        if (running()) {
            child.kill9();
        }
        start();
        awaitReady();
    }

    void end(Duration patience) {
        if (child != null) {
            child.end(patience);
        }
    }

    @Override
    public String toString() {
        return id + " at " + url();
    }
}
