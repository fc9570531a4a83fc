package dev.continuo.attach;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {
    private record Write(byte[] page, int from, int to) {
        String text() {
            return new String(page, from, to - from, UTF_8);
        }
    }

    private final List<Write> writes = new ArrayList<>();
    private final ByteSink sink = new ByteSink() {
        @Override
        public void write(byte[] bytes, int from, int to) {
            writes.add(new Write(bytes, from, to));
        }

        @Override
        public void close() {}
    };
    private final byte[] page = "aaabbbcccddd".getBytes(UTF_8);
    private final Batch batch = new Batch();

    @Test
    void neighbours_on_a_page_leave_without_a_copy() throws IOException {
        batch.add(frame(1, 3));
        batch.add(frame(2, 6));
        batch.writeTo(sink);
        assertThat(writes).containsExactly(new Write(page, 3, 9));
    }

    @Test
    void anything_else_is_gathered_in_order() throws IOException {
        batch.add(frame(1, 0));
        batch.add("--".getBytes(UTF_8));
        batch.add(frame(3, 6));
        batch.add(frame(4, 9));
        batch.add("!".getBytes(UTF_8));
        batch.writeTo(sink);
        assertThat(writes).hasSize(1);
        assertThat(writes.getFirst().text()).isEqualTo("aaa--cccddd!");
        assertThat(new String(page, UTF_8)).isEqualTo("aaabbbcccddd");
    }

    @Test
    void an_empty_batch_writes_nothing_and_a_written_one_is_empty() throws IOException {
        batch.writeTo(sink);
        assertThat(writes).isEmpty();
        batch.add(frame(1, 0));
        batch.writeTo(sink);
        assertThat(batch.isEmpty()).isTrue();
        batch.add(frame(2, 3));
        batch.writeTo(sink);
        assertThat(writes).extracting(Write::text).containsExactly("aaa", "bbb");
    }

    @Test
    void it_says_when_it_is_full() {
        batch.add(new byte[Batch.FULL - 1]);
        assertThat(batch.full()).isFalse();
        batch.add(new byte[1]);
        assertThat(batch.full()).isTrue();
    }

    private Frame frame(int idx, int from) {
        return new Frame(idx, 1, page, from, from + 3, from);
    }
}
