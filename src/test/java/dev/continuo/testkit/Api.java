package dev.continuo.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** The HTTP surface of one node, as a caller with one key. */
public final class Api {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> ENDED = Set.of("completed", "failed", "cancelled");

    private final String url;
    private final String key;

    public Api(String url, String key) {
        this.url = url;
        this.key = key;
    }

    /** An answer; its body may be anything. */
    public record Reply(int status, java.net.http.HttpHeaders headers, String body) {
        public JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException("no JSON, status " + status + ": " + body, e);
            }
        }

        /** Itself, if the status is that. */
        public Reply expect(int expected) {
            if (status != expected) {
                throw new AssertionError("expected " + expected + " but got " + status + ": " + body);
            }
            return this;
        }

        /** The {@code code} of a problem. */
        public String code() {
            return json().path("code").asText();
        }
    }

    public String url() {
        return url;
    }

    /** The same node, as somebody else. */
    public Api as(String otherKey) {
        return new Api(url, otherKey);
    }

    /** The same caller, on another node. */
    public Api on(LibertyNode node) {
        return new Api(node.url(), key);
    }

    public Reply get(String path) {
        return send("GET", path, Map.of(), "");
    }

    public Reply delete(String path) {
        return send("DELETE", path, Map.of(), "");
    }

    public Reply post(String path, String json) {
        return send("POST", path, Map.of("content-type", "application/json"), json);
    }

    public Reply patch(String path, String json) {
        return send("PATCH", path, Map.of("content-type", "application/json"), json);
    }

    public Reply send(String method, String path, Map<String, String> headers, String body) {
        return send(
                method,
                path,
                headers,
                body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
    }

    private Reply send(String method, String path, Map<String, String> headers, HttpRequest.BodyPublisher body) {
        var request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(30))
                .header("authorization", "Bearer " + key)
                .method(method, body);
        headers.forEach(request::setHeader);
        try {
            HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Reply(response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + url + path + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Keeps a file, and returns the address by which a message refers to it. */
    public String upload(String name, String mediaType, byte[] content) {
        return send(
                        "POST",
                        "/api/files?name=" + name,
                        Map.of("content-type", mediaType),
                        HttpRequest.BodyPublishers.ofByteArray(content))
                .expect(201)
                .json()
                .path("url")
                .asText();
    }

    /** A user message of one text part; {@code messageId} is its idempotency key. */
    public static String message(String messageId, String text) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode message = root.putObject("message").put("id", messageId).put("role", "user");
        message.putArray("parts").addObject().put("type", "text").put("text", text);
        return root.toString();
    }

    /** Posts a message and returns the answer to it: {@code threadId, messageId, runId, answerId, state, position}. */
    public JsonNode say(String thread, String messageId, String text) {
        return post("/api/threads/" + thread + "/messages", message(messageId, text))
                .expect(202)
                .json();
    }

    public JsonNode run(String run) {
        return get("/api/runs/" + run).expect(200).json();
    }

    public Reply cancel(String run) {
        return post("/api/runs/" + run + "/cancel", "{}");
    }

    public JsonNode messages(String thread) {
        return get("/api/threads/" + thread + "/messages").expect(200).json();
    }

    /** Waits until the run has ended, however, and returns it. */
    public JsonNode awaitEnd(String run, Duration atMost) {
        Await.until(
                "run " + run + " ends",
                atMost,
                Duration.ofMillis(50),
                () -> ENDED.contains(run(run).path("state").asText()));
        return run(run);
    }

    public SseClient attach(String thread) {
        return stream("/api/threads/" + thread + "/attach", Map.of());
    }

    public SseClient attach(String thread, String lastEventId) {
        return stream("/api/threads/" + thread + "/attach", Map.of("last-event-id", lastEventId));
    }

    public SseClient attachRun(String run) {
        return stream("/api/runs/" + run + "/attach", Map.of());
    }

    /** Opens a stream by GET. */
    public SseClient stream(String path, Map<String, String> headers) {
        var all = new java.util.LinkedHashMap<String, String>();
        all.put("authorization", "Bearer " + key);
        all.put("accept", "text/event-stream");
        all.putAll(headers);
        return SseClient.get(URI.create(url + path), all);
    }

    /** Opens a stream by POST, as an AI SDK client does. */
    public SseClient postStream(String path, String json) {
        return SseClient.post(
                URI.create(url + path),
                Map.of("authorization", "Bearer " + key, "content-type", "application/json"),
                json);
    }
}
