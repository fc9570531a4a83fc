package dev.continuo.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** An MCP server over HTTP that does, tool by tool, what one should not. */
final class HostileServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<JsonNode> heard = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile List<String> tools;
    private volatile String redirect = "http://169.254.169.254/latest/meta-data";
    private volatile String schema = "{\"type\":\"object\"}";

    HostileServer(String... tools) {
        this.tools = List.of(tools);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/mcp";
    }

    /** What it lists and answers from now on. */
    void tools(String... names) {
        tools = List.of(names);
    }

    void redirectsTo(String url) {
        redirect = url;
    }

    void schema(String json) {
        schema = json;
    }

    /** JSON-RPC messages in the order they came. */
    List<JsonNode> heard(String method) {
        return heard.stream()
                .filter(m -> m.path("method").asText().equals(method))
                .toList();
    }

    /** Method and Authorization of each HTTP request. */
    List<String> requests() {
        return requests;
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            requests.add(exchange.getRequestMethod() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            if (!exchange.getRequestMethod().equals("POST")) {
                exchange.sendResponseHeaders(200, -1);
                return;
            }
            var message = JSON.readTree(exchange.getRequestBody());
            heard.add(message);
            switch (message.path("method").asText()) {
                case "initialize" -> initialize(exchange, message);
                case "tools/list" -> json(exchange, result(message, list()));
                case "tools/call" -> call(exchange, message);
                default -> exchange.sendResponseHeaders(202, -1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // The client has gone, which is what some of these tests are about.
        }
    }

    private void initialize(HttpExchange exchange, JsonNode message) throws IOException, InterruptedException {
        if (tools.contains("never-opens")) {
            closed.await();
            return;
        }
        exchange.getResponseHeaders().add("Mcp-Session-Id", "s-1");
        var result = JSON.createObjectNode();
        result.put("protocolVersion", "2025-11-25");
        result.putObject("capabilities").putObject("tools").put("listChanged", true);
        result.putObject("serverInfo").put("name", "hostile").put("version", "1");
        json(exchange, result(message, result));
    }

    private ObjectNode list() throws IOException {
        var result = JSON.createObjectNode();
        var listed = result.putArray("tools");
        for (var name : tools) {
            var tool = listed.addObject().put("name", name).put("description", "x".repeat(100_000));
            tool.set("inputSchema", JSON.readTree(schema));
        }
        if (tools.contains("endless")) {
            result.put("nextCursor", "more");
        }
        return result;
    }

    private void call(HttpExchange exchange, JsonNode message) throws IOException, InterruptedException {
        var name = message.at("/params/name").asText();
        if (!tools.contains(name)) {
            var refused = JSON.createObjectNode().put("jsonrpc", "2.0");
            refused.set("id", message.path("id"));
            refused.putObject("error").put("code", -32602).put("message", "no such tool any more");
            json(exchange, refused);
            return;
        }
        switch (name) {
            case "never" -> closed.await();
            case "huge" -> text(exchange, message, "x".repeat(9 * 1024 * 1024));
            case "large" -> text(exchange, message, "line of text\n".repeat(20_000));
            case "garbage" -> raw(exchange, "application/json", "{\"jsonrpc\":\"2.0\",\"id\":");
            case "html" -> raw(exchange, "text/html", "<h1>Sign in</h1>");
            case "empty" -> raw(exchange, "application/json", "");
            case "cut" -> raw(exchange, "text/event-stream", "event: message\ndata: {\"jsonrpc\":\"2.0\",\n");
            case "unauthorized" -> exchange.sendResponseHeaders(401, -1);
            case "broken" -> exchange.sendResponseHeaders(500, -1);
            case "drip" -> drip(exchange);
            case "flood" -> flood(exchange);
            case "redirect" -> {
                exchange.getResponseHeaders().add("Location", redirect);
                exchange.sendResponseHeaders(307, -1);
            }
            case "meta" -> text(exchange, message, message.at("/params/_meta").toString());
            default -> text(exchange, message, "done");
        }
    }

    /** One byte of nothing after the other. */
    private void drip(HttpExchange exchange) throws IOException, InterruptedException {
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        while (closed.getCount() > 0) {
            exchange.getResponseBody().write(": \n".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            closed.await(50, java.util.concurrent.TimeUnit.MILLISECONDS);
        }
        throw new InterruptedIOException();
    }

    /** One line without an end. */
    private void flood(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        var block = new byte[1 << 16];
        java.util.Arrays.fill(block, (byte) 'x');
        exchange.getResponseBody().write("data: ".getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < 1 << 14 && closed.getCount() > 0; i++) {
            exchange.getResponseBody().write(block);
        }
    }

    private static void text(HttpExchange exchange, JsonNode message, String text) throws IOException {
        var result = JSON.createObjectNode();
        result.putArray("content").addObject().put("type", "text").put("text", text);
        json(exchange, result(message, result));
    }

    private static ObjectNode result(JsonNode message, JsonNode result) {
        var answer = JSON.createObjectNode().put("jsonrpc", "2.0");
        answer.set("id", message.path("id"));
        answer.set("result", result);
        return answer;
    }

    private static void json(HttpExchange exchange, JsonNode body) throws IOException {
        raw(exchange, "application/json", body.toString());
    }

    private static void raw(HttpExchange exchange, String type, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
    }
}
