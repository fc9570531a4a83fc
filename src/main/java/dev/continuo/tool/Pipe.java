package dev.continuo.tool;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * A server that is a process of ours, one message a line. The library's own transport reads lines of any length, hands on
 * the environment, and neither ends what ignores SIGTERM nor tells anybody of a death; this one does.
 */
final class Pipe implements McpClientTransport {
    private static final System.Logger LOG = System.getLogger(Pipe.class.getName());
    private static final int MOST_UNSENT = 64;

    private final String name;
    private final List<String> command;
    private final McpJsonMapper json;
    private final int longest;
    private final LinkedBlockingQueue<byte[]> unsent = new LinkedBlockingQueue<>(MOST_UNSENT);
    private final CompletableFuture<Void> broken = new CompletableFuture<>();
    private volatile Process process;

    /** @param longest bytes of one message */
    Pipe(String name, List<String> command, McpJsonMapper json, int longest) {
        this.name = name;
        this.command = command;
        this.json = json;
        this.longest = longest;
    }

    /** Fails once the process is gone. */
    CompletableFuture<Void> broken() {
        return broken;
    }

    @Override
    public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
        return Mono.fromRunnable(() -> {
            try {
                start();
            } catch (IOException e) {
                throw new IllegalStateException("the command of the MCP server " + name + " cannot be started", e);
            }
            thread("read", () -> read(handler)).start();
            thread("write", this::write).start();
        });
    }

    private void start() throws IOException {
        var builder = new ProcessBuilder(command)
                .directory(Path.of(System.getProperty("java.io.tmpdir")).toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        var path = System.getenv("PATH");
        builder.environment().clear();
        if (path != null) {
            builder.environment().put("PATH", path);
        }
        process = builder.start();
    }

    /** A platform thread: reading from a process would hold a carrier. */
    private Thread thread(String does, Runnable loop) {
        return Thread.ofPlatform().daemon().name("mcp-" + does + "-" + name).unstarted(loop);
    }

    private void read(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
        try (var in = new BufferedInputStream(process.getInputStream())) {
            for (var line = line(in); line != null; line = line(in)) {
                deliver(line, handler);
            }
            broken.completeExceptionally(new IOException("the MCP server " + name + " has ended"));
        } catch (IOException e) {
            broken.completeExceptionally(e);
        } finally {
            drop();
        }
    }

    /** What is no message is passed over: some servers print more than they should. */
    private void deliver(String line, Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
        try {
            handler.apply(Mono.just(McpSchema.deserializeJsonRpcMessage(json, line)))
                    .subscribe(_ -> {}, e -> LOG.log(Level.DEBUG, "a message of " + name + " came to nothing", e));
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "{0} printed a line that is no message", name);
        }
    }

    /** Null at the end. */
    private String line(InputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return null;
            }
            if (bytes.size() == longest) {
                throw new IOException("the MCP server " + name + " sent more than " + longest + " bytes at once");
            }
            bytes.write(b);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private void write() {
        try (var out = process.getOutputStream()) {
            while (!broken.isDone()) {
                var bytes = unsent.poll(1, TimeUnit.SECONDS);
                if (bytes != null) {
                    out.write(bytes);
                    out.flush();
                }
            }
        } catch (IOException e) {
            broken.completeExceptionally(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
        return Mono.fromRunnable(() -> {
            try {
                if (broken.isDone()
                        || !unsent.offer((json.writeValueAsString(message) + "\n").getBytes(StandardCharsets.UTF_8))) {
                    throw new IllegalStateException("the MCP server " + name + " takes no messages");
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
        return json.convertValue(data, type);
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.fromRunnable(this::drop);
    }

    /** Ends the process and what it started. */
    void drop() {
        broken.completeExceptionally(new IOException("closed"));
        var running = process;
        if (running != null) {
            running.descendants().forEach(ProcessHandle::destroyForcibly);
            running.destroyForcibly();
        }
    }
}
