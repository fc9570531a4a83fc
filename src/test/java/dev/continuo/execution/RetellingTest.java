package dev.continuo.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.log.Chunk;
import dev.continuo.log.Chunks;
import dev.continuo.log.LogRecord;
import dev.continuo.log.Regeneration;
import dev.continuo.model.FinishReason;
import dev.continuo.model.ModelEvent;
import dev.continuo.model.ModelResult;
import dev.continuo.model.Usage;
import dev.continuo.web.Limits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RetellingTest {
    private static final UUID ANSWER = new UUID(0, 1);
    private static final ModelResult STOP = new ModelResult(FinishReason.STOP, Usage.NONE, Optional.empty());

    private final Written log = new Written();
    private Duration elapsed = Duration.ZERO;

    /** What would go into the log, and the forks between. */
    private static final class Written implements Retelling.Log {
        private final List<String> all = new ArrayList<>();
        private int turns;

        @Override
        public void awaitTurn() {
            turns++;
        }

        @Override
        public void append(Chunk chunk) {
            all.add(new String(chunk.json(), StandardCharsets.UTF_8));
        }

        @Override
        public void fork(int base, String reason) {
            all.add(reason + " to " + base);
        }
    }

    @Test
    void what_the_provider_cuts_inside_a_character_is_still_the_same_text() throws InterruptedException {
        var writer = writer(of("smile \uD83D\uDE00 and"), Duration.ZERO);
        say(writer, "smile \uD83D", "\uDE00 a", "nd on");
        assertThat(log.all).containsExactly("{\"type\":\"text-delta\",\"id\":\"t1\",\"delta\":\" on\"}");
    }

    @Test
    void silence_has_its_turns_too_so_that_a_cancel_is_heard() throws InterruptedException {
        say(writer(of("abc"), Duration.ZERO), "a", "b");
        assertThat(log.all).isEmpty();
        assertThat(log.turns).isEqualTo(5);
    }

    @Test
    void who_takes_more_than_twice_the_time_is_written_from_where_it_is() throws InterruptedException {
        var writer = writer(of("one two three"), Duration.ofSeconds(20));
        elapsed = Duration.ofSeconds(40);
        say(writer, "one ");
        assertThat(log.all).isEmpty();
        elapsed = Duration.ofMillis(40_001);
        say(writer, "two ");
        assertThat(log.all)
                .containsExactly("slow to 3", "{\"type\":\"text-delta\",\"id\":\"t1\",\"delta\":\"one two \"}");
    }

    @Test
    void the_piece_that_reaches_the_end_of_the_log_is_never_too_late() throws InterruptedException {
        var writer = writer(of("one two"), Duration.ofSeconds(20));
        say(writer, "one");
        elapsed = Duration.ofHours(1);
        say(writer, " two", " three");
        assertThat(log.all).containsExactly("{\"type\":\"text-delta\",\"id\":\"t1\",\"delta\":\" three\"}");
    }

    @Test
    void a_first_word_that_comes_late_is_compared_first() throws InterruptedException {
        var writer = writer(of("one two"), Duration.ZERO);
        elapsed = Duration.ofHours(1);
        say(writer, "one");
        assertThat(log.all).containsExactly("slow to 3", "{\"type\":\"text-delta\",\"id\":\"t1\",\"delta\":\"one\"}");
    }

    @Test
    void a_short_answer_is_waited_for_a_little_longer() throws InterruptedException {
        var writer = writer(of("one two"), Duration.ofMillis(30));
        elapsed = Retelling.LEAST_PATIENCE;
        say(writer, "one");
        assertThat(log.all).isEmpty();
    }

    @Test
    void an_answer_that_is_over_before_the_log_is_another_one() throws InterruptedException {
        var writer = writer(of("one two"), Duration.ZERO);
        say(writer, "one");
        writer.finish(STOP);
        assertThat(log.all)
                .startsWith(
                        "difference to 3",
                        "{\"type\":\"text-delta\",\"id\":\"t1\",\"delta\":\"one\"}",
                        "{\"type\":\"text-end\",\"id\":\"t1\"}");
    }

    @Test
    void nothing_is_written_twice_where_only_the_end_was_missing() throws InterruptedException {
        var writer = writer(of("one two"), Duration.ZERO);
        say(writer, "one two");
        writer.finish(STOP);
        assertThat(log.all).containsExactly("{\"type\":\"text-end\",\"id\":\"t1\"}", "{\"type\":\"finish-step\"}");
    }

    private ChunkWriter writer(List<LogRecord> written, Duration took) {
        return new ChunkWriter(
                ANSWER,
                RunSoFar.of(List.of()),
                Limits.defaults(),
                new Retelling(new Regeneration(written), log, () -> elapsed.toNanos(), took));
    }

    private static void say(ChunkWriter writer, String... pieces) throws InterruptedException {
        for (var piece : pieces) {
            writer.write(new ModelEvent.TextDelta(piece));
        }
    }

    private static List<LogRecord> of(String text) {
        var records = new ArrayList<LogRecord>();
        for (var chunk : List.of(
                Chunks.start(ANSWER), Chunks.startStep(), Chunks.textStart("t1"), Chunks.textDelta("t1", text))) {
            records.add(new LogRecord(records.size() + 1, 1, chunk.json(), chunk.meta()));
        }
        return records;
    }
}
