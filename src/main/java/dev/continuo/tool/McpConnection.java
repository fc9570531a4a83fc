package dev.continuo.tool;

import dev.continuo.egress.Refused;
import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.transport.McpHttpClientTransportAuthorizationException;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator.ValidationResponse;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Mono;

/** One MCP server for the time of one execution. Every wait on it ends in time, whatever the server does. */
final class McpConnection implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(McpConnection.class.getName());
    private static final McpSchema.Implementation US =
            McpSchema.Implementation.builder("continuo", "1").build();
    private static final Duration FAREWELL = Duration.ofSeconds(2);
    private static final int MOST_PAGES = 20;
    private static final int MOST_TOOLS = 1_000;

    private final McpServer server;
    private final Outgoing outgoing;
    private final CompletableFuture<Void> broken;
    private final Runnable drop;
    private final McpAsyncClient client;

    /**
     * @param broken fails where the server is known to be gone
     * @param drop ends everything at once
     */
    McpConnection(
            McpServer server, Outgoing outgoing, CompletableFuture<Void> broken, Runnable drop, Duration patience) {
        this.server = server;
        this.outgoing = outgoing;
        this.broken = broken;
        this.drop = drop;
        this.client = McpClient.async(outgoing)
                .clientInfo(US)
                .requestTimeout(server.timeout())
                .initializationTimeout(patience)
                .jsonSchemaValidator((_, _) -> ValidationResponse.asValid(""))
                .build();
    }

    /** Shakes hands and asks for the tools; the list is that of this moment. */
    List<McpSchema.Tool> open(Duration patience) throws Failure, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        await(client.initialize(), patience);
        var tools = new ArrayList<McpSchema.Tool>();
        var cursor = McpSchema.FIRST_PAGE;
        for (int page = 0; page < MOST_PAGES && tools.size() < MOST_TOOLS; page++) {
            var listed = await(client.listTools(cursor), Duration.ofNanos(deadline - System.nanoTime()));
            tools.addAll(listed.tools());
            cursor = listed.nextCursor();
            if (cursor == null || cursor.isEmpty()) {
                break;
            }
        }
        return List.copyOf(tools.subList(0, Math.min(tools.size(), MOST_TOOLS)));
    }

    CallToolResult call(CallToolRequest request) throws Failure, InterruptedException {
        boolean answered = false;
        try {
            var result = await(client.callTool(request), server.timeout());
            answered = true;
            return result;
        } finally {
            outgoing.over(request, answered);
        }
    }

    private <T> T await(Mono<T> answer, Duration atMost) throws Failure, InterruptedException {
        var future = answer.toFuture();
        try {
            CompletableFuture.anyOf(future, broken).get(Math.max(1, atMost.toMillis()), TimeUnit.MILLISECONDS);
            return future.get();
        } catch (TimeoutException e) {
            throw new Failure(
                    "The MCP server '" + server.name() + "' did not answer within " + atMost.toSeconds()
                            + " s. Whether the call had an effect is not known.",
                    e);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } finally {
            future.cancel(true);
        }
    }

    private Failure failure(Throwable cause) {
        LOG.log(Level.DEBUG, "a request to the MCP server " + server.id() + " failed", cause);
        for (var e = cause; e != null; e = e.getCause()) {
            if (e instanceof Refused refused) {
                return new Failure(refused.getMessage(), cause);
            }
            if (e instanceof McpError told && told.getJsonRpcError() != null) {
                return new Failure(
                        "The MCP server '" + server.name() + "' refused: "
                                + Texts.cut(told.getJsonRpcError().message(), 2_000),
                        cause);
            }
            if (e instanceof McpHttpClientTransportAuthorizationException) {
                return new Failure("The MCP server '" + server.name() + "' refused the bearer, or wants one.", cause);
            }
            if (e instanceof TimeoutException) {
                return new Failure(
                        "The MCP server '" + server.name()
                                + "' did not answer in time. Whether the call had an effect is not known.",
                        cause);
            }
        }
        return new Failure(
                "The MCP server '" + server.name() + "' cannot be reached, or answered what is no answer.", cause);
    }

    /** Says goodbye in the background: nobody waits for a server that does not. */
    @Override
    public void close() {
        Thread.ofVirtual().name("mcp-close").start(() -> {
            try {
                client.closeGracefully().toFuture().get(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                LOG.log(Level.DEBUG, "the MCP server " + server.id() + " was left without a goodbye", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                drop.run();
            }
        });
    }

    /** The message is safe to show to people and models. */
    static final class Failure extends Exception {
        Failure(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
