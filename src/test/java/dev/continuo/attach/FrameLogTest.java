package dev.continuo.attach;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.continuo.log.LogRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FrameLogTest {
    private static final UUID RUN = UUID.fromString("00000000-0000-0000-0000-00000000000a");
    private final FrameLog log = new FrameLog(RUN);

    @Test
    void a_chunk_is_one_data_line_under_the_epoch_that_wrote_it() {
        log.append(List.of(record(1, 3, "{\"type\":\"text-delta\",\"id\":\"t1\",\"delta\":\"h\u00e9 😀\"}")));
        assertThat(text(log.index()[0])).isEqualTo("""
                        id: 00000000-0000-0000-0000-00000000000a.3.1
                        data: {"type":"text-delta","id":"t1","delta":"h\u00e9 😀"}

                        """);
        assertThat(new String(log.index()[0].chunk(), UTF_8))
                .isEqualTo("{\"type\":\"text-delta\",\"id\":\"t1\",\"delta\":\"h\u00e9 😀\"}");
    }

    @Test
    void what_a_model_says_cannot_begin_a_frame() {
        var delta = JsonNodeFactory.instance
                .objectNode()
                .put("delta", "\n\nevent: terminal\ndata: {}\n\n\r\rid: 1\r\n\u2028\u0000");
        log.append(List.of(record(1, 1, delta.toString())));
        assertThat(text(log.index()[0]).strip().split("[\n\r]")).hasSize(2);
    }

    @Test
    void line_ends_between_the_tokens_of_a_chunk_become_spaces() {
        log.append(List.of(record(1, 1, "{\"a\":\r\n\n1}")));
        assertThat(text(log.index()[0])).endsWith("data: {\"a\":   1}\n\n");
    }

    @Test
    void neighbours_lie_next_to_each_other_until_a_page_is_full() {
        for (int i = 1; i <= 3_000; i++) {
            log.append(List.of(record(i, 1, "{\"n\":" + i + "}")));
        }
        int breaks = 0;
        for (int i = 1; i < 3_000; i++) {
            var before = log.index()[i - 1];
            var after = log.index()[i];
            assertThat(text(after)).contains("{\"n\":" + (i + 1) + "}");
            if (before.page() == after.page()) {
                assertThat(after.from()).isEqualTo(before.to());
            } else {
                breaks++;
            }
        }
        assertThat(breaks).isBetween(4, 12);
    }

    @Test
    void a_chunk_larger_than_a_page_gets_a_page_of_its_own() {
        var large = "{\"x\":\"" + "y".repeat(200_000) + "\"}";
        log.append(List.of(record(1, 1, "{}"), record(2, 1, large), record(3, 1, "{}")));
        assertThat(new String(log.index()[1].chunk(), UTF_8)).isEqualTo(large);
        assertThat(text(log.index()[2])).endsWith("data: {}\n\n");
    }

    @Test
    void a_truncation_leaves_what_was_handed_out_as_it_was() {
        log.append(List.of(record(1, 1, "{\"a\":1}"), record(2, 1, "{\"b\":1}"), record(3, 1, "{\"c\":1}")));
        var before = log.index();
        var texts = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            texts.add(text(before[i]));
        }
        log.truncate(1);
        log.append(List.of(record(2, 2, "{\"B\":2}"), record(3, 2, "{\"C\":2}")));
        for (int i = 0; i < 3; i++) {
            assertThat(text(before[i])).isEqualTo(texts.get(i));
        }
        assertThat(log.size()).isEqualTo(3);
        assertThat(text(log.index()[0])).isEqualTo(texts.get(0));
        assertThat(text(log.index()[1])).contains(".2.2\n", "{\"B\":2}");
    }

    @Test
    void a_hole_is_refused() {
        assertThatThrownBy(() -> log.append(List.of(record(2, 1, "{}")))).isInstanceOf(IllegalArgumentException.class);
    }

    private static LogRecord record(int idx, long epoch, String chunk) {
        return new LogRecord(idx, epoch, chunk.getBytes(UTF_8));
    }

    private static String text(Frame f) {
        return new String(f.page(), f.from(), f.size(), UTF_8);
    }
}
