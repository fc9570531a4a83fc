package dev.continuo.war;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.testkit.Api;
import dev.continuo.testkit.RawHttp;
import dev.continuo.testkit.RawHttp.Request;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A file from its upload over a message to whoever reads it. */
@ExtendWith({WarServer.class, ArquillianExtension.class})
class FilesIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final byte[] PNG = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private final Sender me = Sender.fresh();
    private final Api api = new Api(WarServer.url(), me.key());
    private final String thread = "f-" + UUID.randomUUID();

    @Deployment(testable = false)
    static WebArchive war() {
        return WarServer.war();
    }

    private JsonNode upload(String name, String type, byte[] bytes) {
        var answer = RawHttp.send(
                URI.create(WarServer.url()),
                Request.of("POST", "/api/files?name=" + name)
                        .with("authorization", "Bearer " + me.key())
                        .with("content-type", type)
                        .body(bytes));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        assertThat(answer.header("location")).hasValue(answer.json().path("url").asText());
        return answer.json();
    }

    private RawHttp.Answer read(String url) {
        return RawHttp.send(
                URI.create(WarServer.url()), Request.of("GET", url).with("authorization", "Bearer " + me.key()));
    }

    @Test
    void a_picture_is_sent_shown_read_and_gone_with_its_thread() {
        var file = upload("R%C3%A9sum%C3%A9.png", "image/jpeg", PNG);
        assertThat(file.path("mediaType").asText()).isEqualTo("image/png");
        assertThat(file.path("filename").asText()).isEqualTo("R\u00e9sum\u00e9.png");
        assertThat(file.path("bytes").asInt()).isEqualTo(PNG.length);

        var sent = api.post("/api/threads/" + thread + "/messages", """
                        {"message":{"id":"m1","role":"user","parts":[{"type":"file","fileId":"%s"},
                         {"type":"text","text":"many:1"}]}}""".formatted(
                                file.path("id").asText()))
                .expect(202)
                .json();
        try (var stream = api.attachRun(sent.path("runId").asText())) {
            stream.await("the end", SOON, e -> e.is("terminal"));
        }
        var run = api.awaitEnd(sent.path("runId").asText(), SOON);
        assertThat(run.path("state").asText()).as(run.toString()).isEqualTo("completed");
        var part = api.messages(thread).at("/items/0/parts/0");
        assertThat(part.toString())
                .isEqualTo(
                        "{\"url\":\"%s\",\"type\":\"file\",\"filename\":\"R\u00e9sum\u00e9.png\",\"mediaType\":\"image/png\"}"
                                .formatted(file.path("url").asText()));
        assertThat(api.post("/api/threads/" + thread + "/messages", """
                        {"message":{"id":"m1","role":"user","parts":[%s,
                         {"type":"text","text":"many:1"}]}}""".formatted(part))
                        .expect(202)
                        .json()
                        .path("runId"))
                .as("the same message again, as it was read")
                .isEqualTo(sent.path("runId"));

        var picture = read(file.path("url").asText());
        assertThat(picture.status()).isEqualTo(200);
        assertThat(picture.header("content-type")).hasValue("image/png");
        assertThat(picture.header("content-disposition"))
                .hasValue("inline; filename=\"R_sum_.png\"; filename*=UTF-8''R%C3%A9sum%C3%A9.png");
        assertThat(picture.header("x-content-type-options")).hasValue("nosniff");
        assertThat(picture.header("content-security-policy")).hasValue("default-src 'none'; sandbox");
        assertThat(picture.header("cache-control")).hasValue("no-store");

        api.delete("/api/threads/" + thread).expect(204);
        assertThat(read(file.path("url").asText()).code()).isEqualTo("unknown_file");
    }

    @Test
    void a_large_file_comes_whole() {
        var text = "0123456789abcdef".repeat(40_000);
        var file = upload("large.txt", "text/plain", text.getBytes());
        var answer = read(file.path("url").asText());
        assertThat(answer.header("content-length")).hasValue(Integer.toString(text.length()));
        assertThat(answer.body()).isEqualTo(text);
    }

    @Test
    void a_page_is_a_text_for_saving() {
        var file = upload("x.html", "text/html", "<script>alert(1)</script>".getBytes());
        var page = read(file.path("url").asText());
        assertThat(page.header("content-type").orElseThrow().replace(" ", "")).isEqualTo("text/plain;charset=utf-8");
        assertThat(page.header("content-disposition").orElseThrow()).startsWith("attachment;");
        assertThat(page.body()).isEqualTo("<script>alert(1)</script>");
    }

    @Test
    void a_file_inside_a_chat_client_s_message_is_kept_once_however_often_it_is_sent() {
        var body = """
                {"id":"%s","trigger":"submit-message","messages":[{"id":"c1","role":"user","parts":[
                 {"type":"file","mediaType":"image/png","filename":"dot.png","url":"data:image/png;base64,%s"},
                 {"type":"text","text":"many:2"}]}]}""".formatted(thread, Base64.getEncoder().encodeToString(PNG));
        String run = null;
        for (int i = 0; i < 2; i++) {
            try (var stream = api.postStream("/api/chat", body)) {
                stream.await("the end", SOON, e -> e.data().equals("[DONE]"));
                assertThat(stream.events()).anyMatch(e -> e.data().contains("chunk-2"));
            }
            var messages = api.messages(thread).path("items");
            assertThat(messages).hasSize(2);
            var now = messages.at("/0/runId").asText();
            assertThat(run == null ? now : run).isEqualTo(now);
            run = now;
        }
        var part = api.messages(thread).at("/items/0/parts/0");
        assertThat(part.path("type").asText()).isEqualTo("file");
        assertThat(part.path("filename").asText()).isEqualTo("dot.png");
        assertThat(read(part.path("url").asText()).header("content-type")).hasValue("image/png");
    }

    @Test
    void of_one_s_own_thread_only() {
        var file = upload("note.txt", "text/plain", "A note.".getBytes());
        var message = """
                {"message":{"role":"user","parts":[{"type":"file","url":"%s"},{"type":"text","text":"many:1"}]}}""".formatted(file.path("url").asText());
        api.post("/api/threads/" + thread + "/messages", message).expect(202);
        assertThat(api.post("/api/threads/other-" + thread + "/messages", message)
                        .expect(404)
                        .code())
                .isEqualTo("unknown_file");
        assertThat(api.get("/api/threads/other-" + thread).status()).isEqualTo(404);
    }
}
