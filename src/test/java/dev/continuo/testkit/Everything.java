package dev.continuo.testkit;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The reference MCP server from the npm registry, pinned in src/test/mcp and installed under target. */
public final class Everything {
    private static final Path SOURCE = Path.of("src/test/mcp");
    private static final Path TARGET = Path.of("target/mcp").toAbsolutePath();

    private Everything() {}

    /** The words that start it, without its transport. Skips the test where Node is missing. */
    public static List<String> command() {
        NpmPackages.of(SOURCE, TARGET);
        return List.of(Child.executable("node").orElseThrow().toString(), script().toString());
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
}
