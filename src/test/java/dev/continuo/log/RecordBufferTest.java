package dev.continuo.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class RecordBufferTest {
    private static final int ALL = 1 << 20;

    private final RecordBuffer buffer = new RecordBuffer(1, 0);

    @Test
    void deltas_of_one_part_merge_until_somebody_takes_them() {
        append("a", "b");
        assertThat(buffer.takeToPublish(ALL)).containsExactly(record(1, 1, "ab"));
        append("c");
        assertThat(buffer.takeToPublish(ALL)).containsExactly(record(2, 1, "c"));
    }

    @Test
    void deltas_of_different_parts_stay_apart() {
        buffer.append(Chunks.textDelta("t", "a"));
        buffer.append(Chunks.reasoningDelta("t", "b"));
        buffer.append(Chunks.textDelta("u", "c"));
        assertThat(buffer.takeToPublish(ALL)).hasSize(3);
    }

    @Test
    void what_the_flusher_sealed_the_publisher_takes_unchanged_and_the_other_way_round() {
        append("a");
        assertThat(flushed()).containsExactly(record(1, 1, "a"));
        append("b");
        assertThat(buffer.takeToPublish(ALL)).containsExactly(record(1, 1, "a"), record(2, 1, "b"));
        append("c");
        assertThat(flushed()).containsExactly(record(1, 1, "a"), record(2, 1, "b"), record(3, 1, "c"));
    }

    @Test
    void a_segment_is_taken_again_until_it_is_committed() {
        append("a");
        buffer.takeToFlush(ALL);
        append("b");
        assertThat(flushed()).hasSize(2);
        buffer.flushed(1, 1);
        assertThat(flushed()).containsExactly(record(2, 1, "b"));
        assertThat(buffer.isFlushed()).isFalse();
        buffer.flushed(1, 2);
        assertThat(buffer.isFlushed()).isTrue();
        assertThat(buffer.unflushedBytes()).isZero();
    }

    @Test
    void news_of_another_epoch_is_ignored() {
        append("a");
        buffer.takeToFlush(ALL);
        buffer.flushed(2, 1);
        assertThat(buffer.lastFlushed()).isZero();
    }

    @Test
    void a_segment_knows_the_last_message_that_lies_within_it() {
        append("a");
        buffer.takeToPublish(ALL);
        append("b");
        buffer.takeToPublish(ALL);
        assertThat(buffer.takeToFlush(ALL).orElseThrow().jsSeq()).isEmpty();
        buffer.published(1, 0, 4);
        buffer.published(1, 1, 5);
        assertThat(buffer.takeToFlush(ALL).orElseThrow().jsSeq()).hasValue(5);
        buffer.published(1, 2, 6);
        buffer.published(1, 3, 7);
        assertThat(buffer.takeToFlush(ALL).orElseThrow().jsSeq()).hasValue(6);
    }

    @Test
    void at_least_one_record_is_taken_and_no_more_than_fit() {
        for (int i = 0; i < 4; i++) {
            buffer.append(Chunks.textStart("t" + i));
        }
        assertThat(buffer.takeToPublish(1)).hasSize(1);
        assertThat(buffer.takeToPublish(150)).hasSize(2);
        assertThat(buffer.takeToPublish(ALL)).hasSize(1);
        assertThat(buffer.takeToPublish(ALL)).isEmpty();
    }

    @Test
    void a_fork_goes_on_after_its_base_under_the_new_epoch() {
        append("a");
        buffer.takeToFlush(ALL);
        buffer.flushed(1, 1);
        append("b");
        buffer.takeToPublish(ALL);
        append("c");
        buffer.fork(2, 1);
        append("d");
        assertThat(buffer.takeToPublish(ALL)).containsExactly(record(2, 2, "d"));
        assertThat(buffer.epoch()).isEqualTo(2);
    }

    @Test
    void a_fork_above_what_is_committed_is_refused() {
        append("a");
        buffer.takeToPublish(ALL);
        assertThatThrownBy(() -> buffer.fork(2, 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_publisher_that_is_far_behind_skips_what_is_committed() {
        var chunk = "x".repeat(4_000);
        for (int i = 0; i < 600; i++) {
            buffer.append(Chunks.textDelta("t" + i, chunk));
        }
        buffer.takeToFlush(Integer.MAX_VALUE);
        buffer.flushed(1, 600);
        var first = buffer.takeToPublish(ALL).getFirst().idx();
        assertThat(first).isBetween(300, 400);
        buffer.skipToCurrent();
        assertThat(buffer.takeToPublish(ALL)).isEmpty();
    }

    @Test
    void a_merged_delta_stays_small() {
        for (int i = 0; i < 10; i++) {
            append("x".repeat(1_000));
        }
        assertThat(buffer.takeToPublish(ALL)).hasSize(3);
    }

    @Test
    void publisher_and_flusher_see_the_same_dense_log_while_it_is_written() throws Exception {
        int chunks = 20_000;
        var published = new ArrayList<LogRecord>();
        var flushed = new ArrayList<LogRecord>();
        var expected = new StringBuilder();
        var everythingFlushed = new CountDownLatch(1);
        var publisher = Thread.ofVirtual().start(() -> publishInto(published));
        var flusher = Thread.ofVirtual().start(() -> {
            while (everythingFlushed.getCount() > 0 || !buffer.isFlushed()) {
                buffer.takeToFlush(900).ifPresent(s -> {
                    flushed.addAll(RecordCodec.decode(s));
                    buffer.flushed(1, s.last());
                });
                Thread.yield();
            }
        });
        for (int i = 0; i < chunks; i++) {
            buffer.awaitRoom(4_000);
            buffer.append(Chunks.textDelta("t", i + " "));
            expected.append(i).append(' ');
        }
        everythingFlushed.countDown();
        flusher.join();
        while (published.size() < flushed.size()) {
            Thread.yield();
        }
        buffer.close();
        publisher.join();

        assertThat(published).isEqualTo(flushed);
        assertThat(flushed).extracting(LogRecord::idx).isSorted().doesNotHaveDuplicates();
        assertThat(flushed.getLast().idx()).isEqualTo(flushed.size());
        assertThat(AnswerParts.fold(flushed).text()).isEqualTo(expected.toString());
    }

    private void publishInto(List<LogRecord> published) {
        try {
            while (buffer.awaitPublishable()) {
                published.addAll(buffer.takeToPublish(700));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void append(String... deltas) {
        for (var d : deltas) {
            buffer.append(Chunks.textDelta("t", d));
        }
    }

    private List<LogRecord> flushed() {
        return RecordCodec.decode(buffer.takeToFlush(ALL).orElseThrow());
    }

    private static LogRecord record(int idx, long epoch, String delta) {
        return new LogRecord(
                idx,
                epoch,
                ("{\"type\":\"text-delta\",\"id\":\"t\",\"delta\":\"" + delta + "\"}")
                        .getBytes(StandardCharsets.UTF_8));
    }
}
