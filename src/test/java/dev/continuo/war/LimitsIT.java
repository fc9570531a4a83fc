package dev.continuo.war;

import static dev.continuo.testkit.RawHttp.send;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.testkit.Api;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.RawHttp.Request;
import dev.continuo.testkit.SseClient;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How much one caller may have, and what a ticket is good for. */
@ExtendWith({WarServer.class, ArquillianExtension.class})
class LimitsIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int STREAMS = 20;
    private static final int QUEUE = 20;

    private final URI server = URI.create(WarServer.url());
    private final Sender me = Sender.fresh();
    private final Api api = new Api(WarServer.url(), me.key());

    @Deployment(testable = false)
    static WebArchive war() {
        return WarServer.war();
    }

    @Test
    void one_stream_too_many_waits_until_another_ends() {
        var open = new ArrayList<SseClient>();
        for (int i = 0; i < STREAMS; i++) {
            var stream = api.stream(i % 2 == 0 ? "/api/events" : "/api/threads/" + me.client() + "/attach", Map.of());
            assertThat(stream.status()).isEqualTo(200);
            open.add(stream);
        }
        var events = Request.of("GET", "/api/events").with("authorization", "Bearer " + me.key());
        var refused = send(server, events);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.code()).isEqualTo("too_many_streams");
        assertThat(refused.detail()).contains("20 open streams", "Close one");
        assertThat(refused.header("retry-after")).hasValue("5");
        assertThat(send(
                                server,
                                events.with(
                                        "authorization",
                                        "Bearer " + Sender.fresh().key()))
                        .status())
                .as("somebody else")
                .isEqualTo(200);
        open.forEach(SseClient::close);
        Await.until(
                "a place is free",
                SOON,
                Duration.ofMillis(200),
                () -> send(server, events).status() == 200);
    }

    @Test
    void one_message_too_many_is_told_when_to_come_back() {
        var thread = "q-" + UUID.randomUUID();
        var first = api.say(thread, "m0", "hang:1").path("runId").asText();
        for (int i = 1; i <= QUEUE; i++) {
            api.say(thread, "m" + i, "many:1");
        }
        var refused = api.post("/api/threads/" + thread + "/messages", Api.message("one-too-many", "many:1"));
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.code()).isEqualTo("queue_full");
        assertThat(refused.json().path("detail").asText())
                .contains("The queue of this thread is full (20)", "Try again");
        assertThat(refused.headers().firstValue("retry-after")).hasValue("5");
        var chat = send(
                server,
                Request.of("POST", "/api/chat")
                        .with("authorization", "Bearer " + me.key())
                        .json(
                                "{\"id\":\"" + thread
                                        + "\",\"message\":{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"x\"}]}}"));
        assertThat(chat.status()).isEqualTo(429);
        assertThat(chat.code()).isEqualTo("queue_full");
        assertThat(api.say(thread, "m" + QUEUE, "many:1").path("position").asInt())
                .as("a repeat")
                .isEqualTo(QUEUE);
        var busy = "{\"onBusy\":\"reject\"," + Api.message("now", "many:1").substring(1);
        var rejected = api.post("/api/threads/" + thread + "/messages", busy);
        assertThat(rejected.status()).isEqualTo(409);
        assertThat(rejected.code()).isEqualTo("busy");
        assertThat(rejected.json().path("detail").asText())
                .contains("Wait for it, cancel it, or send with onBusy enqueue");
        assertThat(api.cancel(first).status()).isEqualTo(202);
        var last = api.get("/api/threads/" + thread + "/runs?limit=1")
                .json()
                .path("items")
                .path(0)
                .path("id")
                .asText();
        assertThat(api.awaitEnd(last, SOON).path("state").asText()).isEqualTo("completed");
    }

    @Test
    void too_many_requests_at_once_are_slowed_down_and_nobody_else_is()
            throws InterruptedException, ExecutionException {
        var threads = Request.of("GET", "/api/agents").with("authorization", "Bearer " + me.key());
        var refused = new ArrayList<dev.continuo.testkit.RawHttp.Answer>();
        for (int round = 0; round < 50 && refused.isEmpty(); round++) {
            atOnce(60, () -> send(server, threads)).stream()
                    .filter(a -> a.status() == 429)
                    .forEach(refused::add);
        }
        assertThat(refused).isNotEmpty().allSatisfy(answer -> {
            assertThat(answer.code()).isEqualTo("too_many_requests");
            assertThat(answer.detail()).contains("Send them more slowly");
            assertThat(answer.header("retry-after")).hasValue("1");
        });
        assertThat(send(
                                server,
                                threads.with(
                                        "authorization",
                                        "Bearer " + Sender.fresh().key()))
                        .status())
                .isEqualTo(200);
        Await.until(
                "a token is back",
                SOON,
                Duration.ofMillis(100),
                () -> send(server, threads).status() == 200);
    }

    @Test
    void two_thousand_sockets_that_say_nothing_or_half_a_request_keep_nobody_out() throws IOException {
        var idle = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 2_000; i++) {
                var socket = new Socket(server.getHost(), server.getPort());
                idle.add(socket);
                if (i % 2 == 0) {
                    socket.getOutputStream().write("GET /api/agents HTTP/1.1\r\nHost: loc".getBytes(UTF_8));
                }
            }
            var run = api.say(me.client(), "m", "many:3").path("runId").asText();
            assertThat(api.awaitEnd(run, SOON).path("state").asText()).isEqualTo("completed");
        } finally {
            for (var socket : idle) {
                socket.close();
            }
        }
    }

    @Test
    void who_tries_keys_is_told_to_wait_and_a_good_key_is_not() {
        var address = "127.0.2.7";
        var guess = Request.of("GET", "/api/agents").from(address).with("authorization", "Bearer ck_" + "f".repeat(64));
        Await.until(
                "the address is throttled",
                SOON,
                Duration.ofMillis(1),
                () -> send(server, guess).status() == 429);
        var throttled = send(server, guess);
        assertThat(throttled.code()).isEqualTo("too_many_failures");
        assertThat(throttled.detail()).contains("Check the key, then wait");
        assertThat(throttled.header("retry-after")).isPresent();
        assertThat(send(server, guess.with("authorization", "Bearer " + me.key()))
                        .status())
                .isEqualTo(200);
        assertThat(send(server, guess.from("127.0.2.8")).status()).isEqualTo(401);
    }

    @Test
    void a_ticket_opens_its_stream_once_and_then_only_reconnects() {
        var stream = "/api/threads/" + me.client() + "/attach";
        var ticket = ticket(stream);
        assertThat(opened(stream, ticket, "")).isEqualTo(200);
        assertBad(stream, ticket, "");
        assertThat(opened(stream, ticket, me.run() + ".1.1")).isEqualTo(200);
        assertThat(opened(stream, ticket, "0")).isEqualTo(200);
        assertBad("/api/threads/" + me.thread() + "/attach", ticket, "0");
        assertBad("/api/events", ticket, "0");
        assertBad("/api/threads", ticket, "0");
        var post =
                send(server, Request.of("POST", "/api/threads?ticket=" + ticket).json("{}"));
        assertThat(post.status()).isEqualTo(401);
        assertThat(post.code()).isEqualTo("bad_ticket");
    }

    @Test
    void a_ticket_that_lay_about_or_whose_key_is_revoked_opens_nothing() {
        var stream = "/api/runs/" + me.run() + "/attach";
        var late = ticket(stream);
        WarServer.jdbi().useHandle(h -> h.execute("update tickets set issued_at = issued_at - interval '30 seconds'"));
        assertBad(stream, late, "");
        var ticket = ticket(stream);
        assertThat(opened(stream, ticket, "")).isEqualTo(200);
        api.delete("/api/keys/" + me.keyId()).expect(204);
        assertBad(stream, ticket, "0");
    }

    private String ticket(String resource) {
        var issued = api.post("/api/tickets", "{\"resource\":\"" + resource + "\"}")
                .expect(201)
                .json();
        assertThat(issued.path("openWithinSeconds").asInt()).isEqualTo(30);
        return issued.path("ticket").asText();
    }

    private int opened(String stream, String ticket, String lastEventId) {
        return send(server, get(stream, ticket, lastEventId)).status();
    }

    private void assertBad(String stream, String ticket, String lastEventId) {
        var answer = send(server, get(stream, ticket, lastEventId));
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("bad_ticket");
        assertThat(answer.detail()).contains("Get a new one from POST /api/tickets");
        assertThat(answer.body()).doesNotContain(ticket);
    }

    private static Request get(String stream, String ticket, String lastEventId) {
        var request = Request.of("GET", stream + "?ticket=" + ticket);
        return lastEventId.isEmpty() ? request : request.with("last-event-id", lastEventId);
    }

    private static <T> java.util.List<T> atOnce(int n, Callable<T> call)
            throws InterruptedException, ExecutionException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<T>();
            for (var one :
                    threads.invokeAll(IntStream.range(0, n).mapToObj(_ -> call).toList())) {
                all.add(one.get());
            }
            return all;
        }
    }
}
