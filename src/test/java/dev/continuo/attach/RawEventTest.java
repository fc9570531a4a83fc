package dev.continuo.attach;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.ws.rs.sse.OutboundSseEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawEventTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                ": keepalive\n\n",
                "retry: 1500\n\n",
                "id: a.1.1\ndata: {}\n\n",
                "id: a.1.1\ndata: {\"x\":\"é😀\"}\n\nid: a.1.2\ndata: {}\n\nevent: terminal\nid: a.1.end\ndata: {}\n\n",
                "event: state\ndata: {}\n\n",
                "event: open\nid: 0\ndata: {}\n\nid: a.1.1\ndata: {}\n\n"
            })
    void a_batch_leaves_as_it_is(String batch) {
        assertThat(written(event("before" + batch + "after", 6, batch))).isEqualTo(batch);
    }

    @Test
    void a_batch_that_begins_with_data_cannot_be_dressed() {
        assertThatThrownBy(() -> event("data: x\n\n", 0, "data: x\n\n")).isInstanceOf(IllegalArgumentException.class);
    }

    private static OutboundSseEvent event(String around, int from, String batch) {
        int to = from + batch.getBytes(UTF_8).length;
        return RawEvent.of(around.getBytes(UTF_8), from, to);
    }

    /** As the server's writer does it: comment, name, id, retry, each with its line end, then an empty line. */
    private static String written(OutboundSseEvent e) {
        var out = new StringBuilder();
        line(out, ": ", e.getComment());
        line(out, "event: ", e.getName());
        line(out, "id: ", e.getId());
        line(out, "retry: ", e.isReconnectDelaySet() ? String.valueOf(e.getReconnectDelay()) : null);
        assertThat(e.getData()).isNull();
        assertThat(e.getType()).isNotNull();
        return out.append('\n').toString();
    }

    private static void line(StringBuilder out, String name, String value) {
        if (value != null) {
            out.append(name).append(value).append('\n');
        }
    }
}
