package dev.continuo.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScriptedProviderTest {
    private final ScriptedProvider provider = ScriptedProvider.launch();
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        client.shutdownNow();
        provider.close();
    }

    @Test
    void it_streams_numbered_chunks_then_the_reason_then_the_usage() throws Exception {
        List<String> lines =
                ask("many:3").body().lines().filter(line -> !line.isEmpty()).toList();
        assertThat(lines).hasSize(7);
        assertThat(lines.get(1)).contains("\"delta\":{\"content\":\"chunk-1 \"}");
        assertThat(lines.get(3)).contains("\"content\":\"chunk-3 \"");
        assertThat(lines.get(4)).contains("\"finish_reason\":\"stop\"");
        assertThat(lines.get(5)).contains("\"completion_tokens\":3");
        assertThat(lines.get(6)).isEqualTo("data: [DONE]");
    }

    @Test
    void a_stamped_chunk_is_its_number_and_the_time_it_was_written() throws Exception {
        var before = ScriptedProvider.epochNanos();
        var body = ask("many:2 stamp").body();
        var stamps = java.util.regex.Pattern.compile("\"content\":\"(\\d)@(\\d{19}) \"")
                .matcher(body)
                .results()
                .toList();
        assertThat(stamps).extracting(m -> m.group(1)).containsExactly("1", "2");
        assertThat(Long.parseLong(stamps.getLast().group(2))).isBetween(before, ScriptedProvider.epochNanos());
    }

    @Test
    void from_the_second_call_on_the_text_differs_from_the_given_chunk() throws Exception {
        assertThat(ask("many:3 diverge:3").body()).contains("chunk-3 ");
        assertThat(ask("many:3 diverge:3").body())
                .contains("chunk-2 ")
                .contains("other-3 ")
                .doesNotContain("chunk-3 ");
        assertThat(provider.calls("many:3 diverge:3")).isEqualTo(2);
    }

    @Test
    void words_of_its_own_tell_one_answer_from_another_and_its_text_is_known_beforehand() throws Exception {
        assertThat(ask("many:2 word:wA7 diverge:2").body()).contains("wA7-1 ", "wA7-2 ");
        assertThat(ask("many:2 word:wA7 diverge:2").body()).contains("wA7-1 ", "other-wA7-2 ");
        assertThat(ScriptedProvider.text("many:2 word:wA7 diverge:2", 1)).isEqualTo("wA7-1 wA7-2 ");
        assertThat(ScriptedProvider.text("many:2 word:wA7 diverge:2", 3)).isEqualTo("wA7-1 other-wA7-2 ");
    }

    @Test
    void it_fails_as_often_as_told_and_says_when_to_come_back() throws Exception {
        HttpResponse<String> refused = ask("fail:429x1 many:1");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
        assertThat(ask("fail:429x1 many:1").body()).contains("chunk-1 ");
    }

    @Test
    void a_cut_is_a_reset_and_an_eof_is_an_end_without_a_reason() throws Exception {
        assertThatThrownBy(() -> ask("cut:2 many:5")).isInstanceOf(IOException.class);
        assertThat(ask("eof:2 many:5").body())
                .contains("chunk-2 ")
                .doesNotContain("chunk-3 ")
                .doesNotContain("\"stop\"");
    }

    @Test
    void a_client_that_hangs_up_is_noticed_in_the_silence() throws Exception {
        HttpResponse<java.io.InputStream> silent =
                client.send(request("hang:1"), HttpResponse.BodyHandlers.ofInputStream());
        Await.until("the call is open", Duration.ofSeconds(5), () -> provider.open("hang:1") == 1);
        silent.body().close();
        Await.until("the call has ended", Duration.ofSeconds(5), () -> provider.open("hang:1") == 0);
    }

    @Test
    void it_says_thinks_and_calls_tools() throws Exception {
        assertThat(ask("say:Good  morning, many:3").body()).contains("\"Good  \"", "\"morning, \"", "\"many:3\"");
        assertThat(ask("think:2 many:1").body())
                .contains("\"reasoning_content\":\"thought-2 \"")
                .contains("chunk-1 ");
        assertThat(ask("tool:weather {\"city\": \"Rome {IT}\"} more").body())
                .contains("\"name\":\"weather\"")
                .contains("\"finish_reason\":\"tool_calls\"");
    }

    @Test
    void without_a_hint_it_tells_about_the_product_and_it_lists_its_models() throws Exception {
        assertThat(ScriptedText.friendly()).contains("```bash\n").hasSizeGreaterThan(100);
        HttpRequest models = HttpRequest.newBuilder(URI.create(provider.baseUrl() + "/models"))
                .build();
        assertThat(client.send(models, HttpResponse.BodyHandlers.ofString()).body())
                .contains("\"scripted\"");
    }

    private HttpResponse<String> ask(String text) throws IOException, InterruptedException {
        return client.send(request(text), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String text) {
        String body = """
                {"model":"scripted","stream":true,"stream_options":{"include_usage":true},
                 "messages":[{"role":"user","content":"%s"}]}
                """.formatted(text.replace("\"", "\\\""));
        return HttpRequest.newBuilder(URI.create(provider.baseUrl() + "/chat/completions"))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }
}
