package dev.continuo.cluster;

import static dev.continuo.cluster.Scene.SOON;
import static dev.continuo.cluster.Scene.awaitTerminal;
import static dev.continuo.cluster.Scene.chunks;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.continuo.testkit.Api;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.RawHttp;
import dev.continuo.testkit.RunView;
import dev.continuo.testkit.SseClient;
import dev.continuo.testkit.SseEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Streams as they go over the wire: cut at each byte, opened by tickets, left unread. */
class WireIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Scene scene = Scene.open();

    @Test
    void a_stream_cut_after_any_byte_goes_on_exactly_on_another_node() {
        var run = scene.say(1, scene.prompt("many:4"));
        scene.api(1).awaitEnd(run, SOON);
        long length;
        try (var whole = scene.api(1).attachRun(run)) {
            assertThat(whole.awaitEnd(SOON)).isEqualTo(SseClient.Ending.CLEAN);
            length = whole.bytes();
        }
        // Each reader is slowed down for itself, so they take turns.
        var readers = IntStream.range(0, 30).mapToObj(n -> reader()).toList();
        for (int cut = 0; cut < length; cut++) {
            var reader = readers.get(cut % readers.size());
            var path = "/api/runs/" + run + "/attach";
            try (var first = new Api(scene.cluster.node(1).url(), reader).stream(path, Map.of())) {
                first.cutAfter(cut);
                first.awaitEnd(SOON);
                try (var next = first.resumeOn(scene.cluster.node(2 + cut % 2).url())) {
                    var seen = new ArrayList<>(first.events());
                    if (seen.stream().noneMatch(Scene.isTerminalOf(run))) {
                        awaitTerminal(next, run);
                    } else {
                        assertThat(next.status()).isEqualTo(204);
                    }
                    seen.addAll(next.events());
                    var view = RunView.of(run, seen);
                    assertThat(view.text()).as("cut after " + cut).isEqualTo(chunks(4));
                    assertThat(view.state()).isEqualTo("completed");
                    assertThat(view.rewinds()).isEmpty();
                }
            }
        }
    }

    @Test
    void a_thread_cut_anywhere_in_its_three_runs_goes_on_exactly_on_another_node() {
        var runs = IntStream.rangeClosed(1, 3)
                .mapToObj(n -> scene.say(n, scene.prompt("many:" + n)))
                .toList();
        scene.api(2).awaitEnd(runs.getLast(), SOON);
        long length;
        try (var whole = scene.api(1).attach(scene.thread, "0")) {
            awaitTerminal(whole, runs.getLast());
            length = whole.bytes();
        }
        for (int cut = 1; cut < length; cut += 37) {
            try (var first = new Api(scene.cluster.node(1).url(), reader()).attach(scene.thread, "0")) {
                first.cutAfter(cut);
                first.awaitEnd(SOON);
                try (var next = first.resumeOn(scene.cluster.node(2 + cut % 2).url())) {
                    var seen = new ArrayList<>(first.events());
                    if (seen.stream().noneMatch(Scene.isTerminalOf(runs.getLast()))) {
                        awaitTerminal(next, runs.getLast());
                    }
                    seen.addAll(next.events());
                    for (int n = 1; n <= 3; n++) {
                        var view = RunView.of(runs.get(n - 1), seen);
                        assertThat(view.state())
                                .as("run " + n + ", cut after " + cut)
                                .isEqualTo("completed");
                        assertThat(view.snapshot().isPresent() || view.text().equals(chunks(n)))
                                .as("run " + n + ", cut after " + cut + ": " + view.text())
                                .isTrue();
                    }
                }
            }
        }
    }

    @Test
    void the_state_of_threads_is_told_on_every_node_and_an_end_only_once_it_can_be_read() {
        try (var early = scene.api(3).stream("/api/events", Map.of())) {
            var run = scene.say(1, scene.prompt("slow:20x30"));
            early.await("it runs", SOON, e -> isState(e, run, "running"));
            early.await("it is completed", SOON, e -> isState(e, run, "completed"));
            assertThat(RunView.stored(scene.api(3), scene.thread, run)).isEqualTo(chunks(20));
            assertThat(early.events()).allSatisfy(e -> assertThat(e.id()).isEmpty());
            var colleague = new Api(scene.cluster.node(2).url(), member());
            try (var late = scene.api(2).stream("/api/events", Map.of());
                    var other = colleague.stream("/api/events", Map.of())) {
                late.await("what changed lately", SOON, e -> isState(e, run, "completed"));
                colleague.say("t-" + UUID.randomUUID(), "m", "many:1");
                other.await("their own", SOON, e -> e.is("thread"));
                assertThat(other.events()).noneMatch(e -> e.data().contains(run));
            }
        }
    }

    @Test
    void a_ticket_made_on_one_node_opens_on_another_and_reconnects_on_the_third() {
        var run = scene.say(1, scene.prompt("many:3"));
        scene.api(1).awaitEnd(run, SOON);
        var path = "/api/threads/" + scene.thread + "/attach";
        var ticket = scene.api(1)
                .post("/api/tickets", "{\"resource\":\"" + path + "\"}")
                .expect(201)
                .json()
                .path("ticket")
                .asText();
        var withTicket = path + "?ticket=" + ticket;
        assertThat(RawHttp.send(uri(2), RawHttp.Request.of("GET", withTicket)).status())
                .isEqualTo(200);
        assertThat(RawHttp.send(uri(3), RawHttp.Request.of("GET", withTicket)).status())
                .isEqualTo(401);
        assertThat(RawHttp.send(uri(3), RawHttp.Request.of("GET", withTicket).with("last-event-id", "0"))
                        .status())
                .isEqualTo(200);
    }

    /** The slow one takes nothing at all, so the server's buffers fill and its write times out. */
    @Test
    void a_client_that_takes_nothing_is_cut_and_nobody_else_notices_while_a_silent_stream_hears_comments()
            throws IOException {
        var silent = new Api(scene.cluster.node(1).url(), reader()).attach(otherThread());
        var comments = silent.comments().size();
        try (var slow = new Socket()) {
            slow.setReceiveBufferSize(4 * 1024);
            slow.connect(new InetSocketAddress("127.0.0.1", uri(2).getPort()));
            scene.api(1)
                    .post("/api/threads", "{\"id\":\"" + scene.thread + "\"}")
                    .expect(201);
            slow.getOutputStream()
                    .write(("GET /api/threads/" + scene.thread
                                    + "/attach HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer "
                                    + scene.cluster.apiKey() + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var before = cut(2);
            var quick = scene.api(2).attach(scene.thread);
            for (int n = 0; n < 4; n++) {
                var run = scene.say(2, scene.prompt("many:7000 size:250"));
                awaitTerminal(quick, run);
                assertThat(RunView.of(run, quick.events()).state()).isEqualTo("completed");
            }
            Await.until("the slow one is cut", Duration.ofSeconds(90), Duration.ofMillis(500), () -> cut(2) > before);
            assertThat(quick.ending()).isEqualTo(SseClient.Ending.OPEN);
            quick.close();
        }
        Await.until("two comments in the silence", SOON, () -> silent.comments().size() >= comments + 2);
        silent.close();
    }

    private String otherThread() {
        return scene.api(1)
                .post("/api/threads", "{}")
                .expect(201)
                .json()
                .path("id")
                .asText();
    }

    private double cut(int node) {
        return scene.api(node)
                .get("/metrics")
                .expect(200)
                .body()
                .lines()
                .filter(line -> line.startsWith("continuo_slow_watchers_cut_total"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private URI uri(int node) {
        return URI.create(scene.cluster.node(node).url());
    }

    /** A key of somebody who reads all threads. */
    private String reader() {
        return key("\"role\":\"admin\"");
    }

    private String member() {
        return key("\"role\":\"member\"");
    }

    private String key(String role) {
        return scene.api(1)
                .post("/api/keys", "{\"name\":\"x\",\"subject\":\"" + UUID.randomUUID() + "\"," + role + "}")
                .expect(201)
                .json()
                .path("key")
                .asText();
    }

    private static boolean isState(SseEvent event, String run, String state) {
        if (!event.is("thread")) {
            return false;
        }
        JsonNode data;
        try {
            data = JSON.readTree(event.data());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return data.path("run").asText().equals(run)
                && data.path("state").asText().equals(state);
    }
}
