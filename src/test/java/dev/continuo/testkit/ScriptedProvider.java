package dev.continuo.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A provider that speaks the OpenAI chat-completions streaming protocol over HTTP and is steered by the last user message;
 * see {@link Script} for the hints. {@code GET /stats} counts calls and open connections per prompt. */
public final class ScriptedProvider implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Wire.Request LAST = new Wire.Request("", "", new byte[0]);

    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ProviderStats stats = new ProviderStats();
    private volatile Listener listener = new Listener() {};

    /** Hears of every call as it happens, from the threads that answer. */
    public interface Listener {
        default void began(String prompt, int call) {}

        /** @param chunk of the text, from 1 */
        default void sent(String prompt, int call, int chunk) {}

        default void ended(String prompt, int call) {}
    }

    private ScriptedProvider(int port) {
        try {
            server = new ServerSocket();
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
        } catch (IOException e) {
            throw new UncheckedIOException("port " + port + ": " + e.getMessage(), e);
        }
        Thread.ofPlatform().daemon(false).name("scripted-provider").start(this::accept);
    }

    /** In this process, on a free port. */
    public static ScriptedProvider launch() {
        return new ScriptedProvider(0);
    }

    /** In a process of its own, with the class path of this one. */
    public static Child launchProcess(int port, Path log) {
        Child child = Child.start(
                "scripted provider",
                log,
                java.util.Map.of(),
                JavaCommand.of("-Xmx256m", ScriptedProvider.class, Integer.toString(port)));
        Await.until("the scripted provider listens on " + port, Duration.ofSeconds(30), () -> {
            if (!child.alive()) {
                throw new AssertionError("the scripted provider ended:\n" + child.lastWords());
            }
            return Ports.answers(port);
        });
        return child;
    }

    public static void main(String[] args) {
        var provider = new ScriptedProvider(args.length == 0 ? 0 : Integer.parseInt(args[0]));
        System.out.println("scripted provider on " + provider.baseUrl());
    }

    /** What an OpenAI client takes as its base URL. */
    public String baseUrl() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/v1";
    }

    public int calls(String prompt) {
        return stats.calls(prompt);
    }

    public int open(String prompt) {
        return stats.open(prompt);
    }

    /** Streams under way, whatever their prompt. */
    public int open() {
        return stats.open();
    }

    public void tell(Listener who) {
        listener = who;
    }

    /** The text that a prompt without {@code say:} and tools gets from its n-th call, if nothing goes wrong. */
    public static String text(String prompt, int call) {
        return String.join("", ScriptedText.chunks(Script.of(prompt), call));
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /** This thread reads, so that it notices a client that hangs up; another one answers. */
    private void serve(Socket socket) {
        stats.connections.incrementAndGet();
        var hungUp = new CountDownLatch(1);
        var requests = new LinkedBlockingQueue<Wire.Request>();
        try (socket) {
            var wire = new Wire(socket);
            Thread.ofVirtual().start(() -> answerAll(wire, requests, hungUp));
            while (true) {
                requests.add(wire.read());
            }
        } catch (IOException | RuntimeException e) {
            hungUp.countDown();
            requests.add(LAST);
        } finally {
            sockets.remove(socket);
            stats.connections.decrementAndGet();
        }
    }

    private void answerAll(Wire wire, LinkedBlockingQueue<Wire.Request> requests, CountDownLatch hungUp) {
        try {
            for (Wire.Request request = requests.take(); request != LAST; request = requests.take()) {
                answer(wire, request, hungUp);
            }
        } catch (IOException e) {
            wire.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(Wire wire, Wire.Request request, CountDownLatch hungUp) throws IOException {
        String path = request.path().split("\\?")[0];
        switch (request.method() + " " + path) {
            case "POST /v1/chat/completions" -> complete(wire, JSON.readTree(request.body()), hungUp);
            case "GET /v1/models" ->
                wire.json(
                        200,
                        "",
                        "{\"object\":\"list\",\"data\":[{\"id\":\"scripted\",\"object\":\"model\",\"owned_by\":\"continuo\"}]}");
            case "GET /stats", "GET /v1/stats" -> wire.json(200, "", stats.json());
            default -> wire.json(404, "", "{\"error\":{\"message\":\"no such path\",\"type\":\"not_found\"}}");
        }
    }

    private void complete(Wire wire, JsonNode request, CountDownLatch hungUp) throws IOException {
        if (request.path("messages").path(0).path("content").asText().startsWith("Write a title")) {
            entitle(wire, request);
            return;
        }
        String prompt = lastUserText(request.path("messages"));
        int call = stats.began(prompt, epochNanos());
        Listener told = listener;
        told.began(prompt, call);
        try {
            new ScriptedCall(
                            wire,
                            request,
                            prompt,
                            call,
                            hungUp,
                            () -> stats.firstByte(prompt, epochNanos()),
                            chunk -> told.sent(prompt, call, chunk))
                    .answer();
        } finally {
            told.ended(prompt, call);
            stats.ended(prompt);
        }
    }

    /** What is asked for titles is no call of a run: it is counted apart, and takes no hints but {@code untitled}. */
    private void entitle(Wire wire, JsonNode request) throws IOException {
        stats.titles.incrementAndGet();
        String about = lastUserText(request.path("messages"));
        if (about.contains("untitled")) {
            wire.json(400, "", "{\"error\":{\"message\":\"no title\",\"type\":\"scripted\"}}");
            return;
        }
        String words = Stream.of(about.replaceFirst("^User: ", "").split("\\s+"))
                .limit(4)
                .collect(Collectors.joining(" "));
        var answer = JSON.createObjectNode().put("stream", true);
        answer.set("model", request.path("model"));
        answer.putArray("messages").addObject().put("role", "user").put("content", "say:About " + words);
        new ScriptedCall(wire, answer, "say:About " + words, 1, new CountDownLatch(1), () -> {}, _ -> {}).answer();
    }

    public int titles() {
        return stats.titles.get();
    }

    static long epochNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    private static String lastUserText(JsonNode messages) {
        for (int i = messages.size() - 1; i >= 0; i--) {
            JsonNode message = messages.get(i);
            if ("user".equals(message.path("role").asText())) {
                JsonNode content = message.path("content");
                if (content.isTextual()) {
                    return content.asText();
                }
                var text = new StringBuilder();
                content.forEach(part -> text.append(part.path("text").asText()));
                return text.toString();
            }
        }
        return "";
    }

    /** Resets every connection, as the death of the provider would. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing the scripted provider", e);
        }
        sockets.forEach(ScriptedProvider::reset);
    }

    private static void reset(Socket socket) {
        try (socket) {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // Its own thread closed it first.
        }
    }
}
