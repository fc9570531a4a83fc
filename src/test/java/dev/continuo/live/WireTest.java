package dev.continuo.live;

import static dev.continuo.live.LiveMessages.batch;
import static dev.continuo.live.LiveMessages.marker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WireTest {
    @Test
    void batches_and_markers_survive_the_way() {
        assertThat(Wire.of(batch(3, 7, 4)).message()).isEqualTo(batch(3, 7, 4));
        assertThat(Wire.of(marker(2, 0)).message()).isEqualTo(marker(2, 0));
    }

    @Test
    void the_id_names_run_author_and_place() {
        var run = UUID.fromString("00000000-0000-4000-8000-000000000001");
        assertThat(Wire.messageId(run, batch(3, 7, 4))).isEqualTo(run + ":3:abcdef03:7");
        assertThat(Wire.messageId(run, marker(3, 6))).isEqualTo(run + ":3:abcdef03:m");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    0,  abcdef01, 1, 1, '{"chunk":{}}'
                    1,  abcdef0,  1, 1, '{"chunk":{}}'
                    1,  ABCDEF01, 1, 1, '{"chunk":{}}'
                    1,  abcdef01, 0, 1, '{"chunk":{}}'
                    1,  abcdef01, 1, 2, '{"chunk":{}}'
                    1,  abcdef01, 1, 1, '{"n":99999,"meta":{},"chunk":{}}'
                    1,  abcdef01, 1, 1, '{"n":'
                    1,  abcdef01, 1, 1, 'hello'
                    x,  abcdef01, 1, 1, '{"chunk":{}}'
                    """)
    void what_is_not_ours_is_refused(String epoch, String claim, String first, String count, String payload) {
        var headers = new Headers();
        Map.of("Epoch", epoch, "Claim", claim, "First", first, "Count", count)
                .forEach((name, value) -> headers.put("Continuo-" + name, value));
        assertThatThrownBy(() -> new Wire(headers, payload.getBytes(StandardCharsets.UTF_8)).message())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_message_without_headers_is_refused() {
        assertThatThrownBy(() -> new Wire(null, new byte[0]).message()).isInstanceOf(IllegalArgumentException.class);
    }
}
