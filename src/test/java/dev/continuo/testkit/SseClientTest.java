package dev.continuo.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SseClientTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private final ScriptedProvider provider = ScriptedProvider.launch();
    private final Api api = new Api(provider.baseUrl(), "none");

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void it_tells_a_clean_end_from_a_reset() {
        try (SseClient whole = ask("many:5")) {
            assertThat(whole.status()).isEqualTo(200);
            assertThat(whole.header("content-type")).hasValue("text/event-stream");
            assertThat(whole.awaitEnd(SOON)).isEqualTo(SseClient.Ending.CLEAN);
            assertThat(whole.events()).hasSize(9).last().satisfies(event -> assertThat(event.data())
                    .isEqualTo("[DONE]"));
        }
        try (SseClient broken = ask("cut:2 many:5")) {
            assertThat(broken.awaitEnd(SOON)).isEqualTo(SseClient.Ending.BROKEN);
        }
    }

    @Test
    void it_can_be_cut_after_any_byte() {
        // Nothing comes before the cut is set.
        try (SseClient cut = ask("ttft:500 slow:50x10")) {
            cut.cutAfter(700);
            assertThat(cut.awaitEnd(SOON)).isEqualTo(SseClient.Ending.CUT);
            assertThat(cut.bytes()).isEqualTo(700);
        }
    }

    @Test
    void it_parses_ids_names_comments_and_lines_as_a_browser_does() {
        var parser = new SseParser("a");
        ": hi\r\nid: 1\ndata: x\ndata:y\n\nevent: e\rdata: z\r\rid: 2\n\nid: 3\ndata: lost"
                .chars()
                .forEach(parser::accept);
        assertThat(parser.events()).extracting(SseEvent::id).containsExactly("1", "1");
        assertThat(parser.events()).extracting(SseEvent::data).containsExactly("x\ny", "z");
        assertThat(parser.events()).extracting(SseEvent::name).containsExactly("message", "e");
        assertThat(parser.comments()).containsExactly("hi");
        assertThat(parser.lastEventId()).isEqualTo("2");
    }

    private SseClient ask(String prompt) {
        return api.postStream(
                "/chat/completions",
                "{\"stream\":true,\"stream_options\":{\"include_usage\":true},\"messages\":[{\"role\":\"user\",\"content\":\""
                        + prompt + "\"}]}");
    }
}
