package dev.continuo.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The reference MCP server from the npm registry, pinned in src/test/mcp and installed under target. */
public final class Everything {
    private static final Path SOURCE = Path.of("src/test/mcp");
    private static final Path TARGET = Path.of("target/mcp").toAbsolutePath();

    private Everything() {}

    /** The words that start it, without its transport. Skips the test where Node is missing. */
    public static synchronized List<String> command() {
        var node = Child.executable("node");
        assumeTrue(
                node.isPresent() && Child.executable("npm").isPresent(),
                "Node is missing: install Node 20 or later with npm");
        install();
        return List.of(node.get().toString(), script().toString());
    }

    /** Where it is once it was asked for its words. */
    public static Path script() {
        return TARGET.resolve("node_modules/@modelcontextprotocol/server-everything/dist/index.js");
    }

    /** Over streamable HTTP at {@code http://127.0.0.1:port/mcp}. */
    public static Child http(int port) {
        var words = new java.util.ArrayList<>(command());
        words.add("streamableHttp");
        var child = Child.start(
                "everything", TARGET.resolve("everything.log"), Map.of("PORT", Integer.toString(port)), words);
        Await.until("the reference server listens", Duration.ofSeconds(60), () -> listens(port));
        return child;
    }

    private static boolean listens(int port) {
        try (var socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static void install() {
        var installed = TARGET.resolve("node_modules/.package-lock.json");
        var lock = SOURCE.resolve("package-lock.json");
        try {
            if (Files.exists(installed)
                    && Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(lock)) >= 0) {
                return;
            }
            Files.createDirectories(TARGET);
            for (var file : List.of("package.json", "package-lock.json", ".npmrc")) {
                Files.copy(SOURCE.resolve(file), TARGET.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
            var log = TARGET.resolve("npm.log");
            var npm = new ProcessBuilder("npm", "ci", "--loglevel=error")
                    .directory(TARGET.toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!npm.waitFor(5, TimeUnit.MINUTES) || npm.exitValue() != 0) {
                npm.destroyForcibly();
                throw new IllegalStateException("npm ci failed: " + Files.readString(log));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
