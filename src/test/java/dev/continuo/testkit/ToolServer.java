package dev.continuo.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/**
 * A well-behaved MCP server over streamable HTTP that outlives the nodes which call it. It remembers every call with its
 * idempotency key, and can hold calls of a tool, so that a node dies inside one. {@code look} only reads; {@code book} has
 * an effect and declares nothing. Both answer {@code NAME N} to {@code {"n": N}}.
 */
public final class ToolServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final List<Held> held = new CopyOnWriteArrayList<>();

    /** A call as it came in, whether it was answered or not. */
    public record Call(String tool, int n, String key) {
        @Override
        public String toString() {
            return tool + " " + n;
        }
    }

    /** The next call of a tool, until it is let go. */
    public static final class Held {
        private final String tool;
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch gate = new CountDownLatch(1);
        private volatile boolean over;

        private Held(String tool) {
            this.tool = tool;
        }

        /** Returns once the server is at work on the call. */
        public void awaitBegun(Duration atMost) {
            Await.until("a call of " + tool + " has begun", atMost, () -> begun.getCount() == 0);
        }

        public void letGo() {
            gate.countDown();
        }

        /** Its answer has left. */
        public boolean isOver() {
            return over;
        }
    }

    public ToolServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/mcp";
    }

    /** The very next call of the tool, and no other. */
    public Held holdNext(String tool) {
        var hold = new Held(tool);
        held.add(hold);
        return hold;
    }

    public List<Call> calls() {
        return List.copyOf(calls);
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("POST")) {
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            var message = JSON.readTree(exchange.getRequestBody());
            switch (message.path("method").asText()) {
                case "initialize" -> reply(exchange, message, welcome());
                case "tools/list" -> reply(exchange, message, list());
                case "tools/call" -> call(exchange, message);
                default -> exchange.sendResponseHeaders(202, -1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // The node has gone, which is what these tests are about.
        }
    }

    private static ObjectNode welcome() {
        var result = JSON.createObjectNode().put("protocolVersion", "2025-06-18");
        result.putObject("capabilities").putObject("tools");
        result.putObject("serverInfo").put("name", "tools").put("version", "1");
        return result;
    }

    private static ObjectNode list() {
        var result = JSON.createObjectNode();
        var tools = result.putArray("tools");
        for (var name : List.of("look", "book")) {
            var tool = tools.addObject().put("name", name).put("description", "For tests: " + name);
            tool.putObject("inputSchema")
                    .put("type", "object")
                    .putObject("properties")
                    .putObject("n")
                    .put("type", "integer");
            if (name.equals("look")) {
                tool.putObject("annotations").put("readOnlyHint", true);
            }
        }
        return result;
    }

    private void call(HttpExchange exchange, JsonNode message) throws IOException, InterruptedException {
        var params = message.path("params");
        var call = new Call(
                params.path("name").asText(),
                params.at("/arguments/n").asInt(),
                params.path("_meta").path("continuo/idempotencyKey").asText());
        calls.add(call);
        var hold = held.stream().filter(h -> h.tool.equals(call.tool())).findFirst();
        boolean holds = hold.isPresent() && held.remove(hold.get());
        if (holds) {
            hold.get().begun.countDown();
            hold.get().gate.await();
        }
        var result = JSON.createObjectNode();
        result.putArray("content").addObject().put("type", "text").put("text", call.toString());
        reply(exchange, message, result);
        hold.filter(_ -> holds).ifPresent(h -> h.over = true);
    }

    private static void reply(HttpExchange exchange, JsonNode message, ObjectNode result) throws IOException {
        var answer = JSON.createObjectNode().put("jsonrpc", "2.0");
        answer.set("id", message.path("id"));
        answer.set("result", result);
        var bytes = JSON.writeValueAsBytes(answer);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Ends what is held, too. */
    @Override
    public void close() {
        held.forEach(Held::letGo);
        server.stop(0);
    }
}
