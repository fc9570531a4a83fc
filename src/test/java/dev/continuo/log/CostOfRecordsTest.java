package dev.continuo.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** What an owner pays per word of its model, counted and not timed. */
class CostOfRecordsTest {
    private static final int WORDS = 20_000;
    private static final int BEHIND = 20;
    private static final int MESSAGE_BYTES = 256 * 1024;
    private static final int SEGMENT_BYTES = 256 * 1024;
    /** 1,440 with everything from the word to the bytes of message and segment; parsing it once more would double that. */
    private static final double BYTES_PER_WORD = 2_200;

    private final RecordBuffer buffer = new RecordBuffer(1, 0);
    private long encoded;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** While one message is under way, what the model says waits for the next one, and neighbours become one record. */
    @Test
    void under_load_there_is_one_message_and_one_record_for_all_that_came_meanwhile() throws Exception {
        int messages = 0;
        int records = 0;
        for (int word = 1; word <= WORDS; word++) {
            buffer.append(Chunks.textDelta("t1", "word-" + word + " "));
            if (word % BEHIND == 0) {
                var taken = buffer.takeToPublish(MESSAGE_BYTES);
                messages++;
                records += taken.size();
                buffer.published(1, taken.getLast().idx(), messages);
                buffer.takeToFlush(SEGMENT_BYTES).ifPresent(s -> buffer.flushed(1, s.last()));
            }
        }
        assertThat(messages).isEqualTo(WORDS / BEHIND);
        assertThat(records).as("records").isEqualTo(messages);
        assertThat(buffer.takeToPublish(MESSAGE_BYTES)).as("left over").isEmpty();
    }

    @Test
    void a_word_that_is_published_and_committed_alone_allocates_little() throws Exception {
        one(1);
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int word = 2; word <= WORDS; word++) {
            one(word);
        }
        assertThat(encoded).isGreaterThan(20L * WORDS);
        assertThat((threads.getCurrentThreadAllocatedBytes() - before) / (double) WORDS)
                .as("bytes allocated per word")
                .isLessThan(BYTES_PER_WORD);
    }

    private void one(int word) {
        buffer.append(Chunks.textDelta("t1", "word "));
        var taken = buffer.takeToPublish(MESSAGE_BYTES);
        encoded += RecordCodec.encode(taken).length;
        buffer.published(1, word, word);
        var segment = buffer.takeToFlush(SEGMENT_BYTES).orElseThrow();
        buffer.flushed(1, segment.last());
    }
}
