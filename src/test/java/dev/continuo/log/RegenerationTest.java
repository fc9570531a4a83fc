package dev.continuo.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.continuo.log.Regeneration.Next;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RegenerationTest {
    private static final String SAME = "same";
    private static final UUID ANSWER = new UUID(0, 1);

    @Test
    void nothing_is_written_while_the_same_text_comes_in_other_pieces() {
        var again = of(start("t"), delta("Hello "), delta("wor"), delta("ld"));
        assertThat(says(again, start("t"), delta("He"), delta("llo wo"), delta("rld")))
                .containsOnly(SAME);
        assertThat(again.inside()).isFalse();
    }

    @Test
    void the_first_character_beyond_the_end_of_the_log_is_written_and_all_that_follows() {
        var again = of(start("t"), delta("Hello"));
        assertThat(says(again, start("t"), delta("Hello, w"), delta("orld"), end("t")))
                .containsExactly(SAME, beyond(delta(", w")), beyond(delta("orld")), beyond(end("t")));
    }

    @Test
    void an_empty_log_lets_everything_through() {
        assertThat(says(of(), start("t"), delta("a"))).containsExactly(beyond(start("t")), beyond(delta("a")));
        assertThat(of().inside()).isFalse();
    }

    @Test
    void a_difference_inside_a_record_cuts_it_and_keeps_what_still_holds() {
        assertThat(says(
                        of(start("t"), delta("one "), delta("two three")),
                        start("t"),
                        delta("one two "),
                        delta("four")))
                .containsExactly(SAME, SAME, fork(2, delta("two four")));
    }

    @Test
    void after_a_difference_everything_is_written() {
        var again = of(start("t"), delta("abc"), delta("def"), end("t"));
        assertThat(says(again, start("t"), delta("abX"), delta("def"), end("t")))
                .containsExactly(SAME, fork(1, delta("abX")), beyond(delta("def")), beyond(end("t")));
    }

    @Test
    void a_difference_in_the_first_character_keeps_nothing_of_its_part() {
        assertThat(says(of(start("t"), delta("abc")), start("t"), delta("Xbc")))
                .containsExactly(SAME, fork(1, delta("Xbc")));
    }

    @Test
    void a_difference_between_two_records_cuts_none() {
        assertThat(says(of(start("t"), delta("abc"), delta("def")), start("t"), delta("abc"), delta("X")))
                .containsExactly(SAME, SAME, fork(2, delta("X")));
    }

    @Test
    void a_part_that_goes_on_where_the_logged_one_ended_is_a_difference_there() {
        assertThat(says(of(start("t"), delta("abc"), end("t"), start("u")), start("t"), delta("abcd")))
                .containsExactly(SAME, fork(2, delta("d")));
    }

    @Test
    void a_part_that_ends_inside_a_record_cuts_it() {
        assertThat(says(of(start("t"), delta("abc")), start("t"), delta("ab"), end("t"), Chunks.finishStep()))
                .containsExactly(SAME, SAME, fork(1, delta("ab"), end("t")), beyond(Chunks.finishStep()));
    }

    @Test
    void an_answer_that_ends_before_the_log_does_is_another_one() {
        assertThat(says(
                        of(start("t"), delta("abc"), end("t"), start("u"), delta("more")),
                        start("t"),
                        delta("abc"),
                        end("t"),
                        Chunks.finishStep()))
                .containsExactly(SAME, SAME, SAME, fork(3, Chunks.finishStep()));
    }

    @Test
    void another_kind_of_part_is_a_difference_even_with_the_same_text() {
        assertThat(says(of(Chunks.reasoningStart("r"), Chunks.reasoningDelta("r", "abc")), start("t"), delta("abc")))
                .containsExactly(fork(0, start("t")), beyond(delta("abc")));
    }

    @Test
    void reasoning_is_compared_like_text_and_text_follows_it() {
        var log = of(
                Chunks.reasoningStart("r"),
                Chunks.reasoningDelta("r", "think"),
                Chunks.reasoningEnd("r"),
                start("t"),
                delta("say"));
        assertThat(says(
                        log,
                        Chunks.reasoningStart("r"),
                        Chunks.reasoningDelta("r", "thi"),
                        Chunks.reasoningDelta("r", "nk"),
                        Chunks.reasoningEnd("r"),
                        start("t"),
                        delta("saying")))
                .containsExactly(SAME, SAME, SAME, SAME, SAME, beyond(delta("ing")));
    }

    @Test
    void characters_of_two_halves_are_one_wherever_they_are_cut() {
        var logged = of(start("t"), delta("a\uD83D\uDE00"), delta("b"));
        assertThat(says(logged, start("t"), delta("a"), delta("\uD83D\uDE00b"))).containsOnly(SAME);
        assertThat(says(of(start("t"), delta("a\uD83D\uDE00b")), start("t"), delta("a\uD83D\uDE01b")))
                .containsExactly(SAME, fork(1, delta("a\uD83D\uDE01b")));
        assertThat(says(of(start("t"), delta("a"), delta("\uD83D\uDE00b")), start("t"), delta("a\uD83D\uDE01")))
                .containsExactly(SAME, fork(2, delta("\uD83D\uDE01")));
    }

    @Test
    void empty_pieces_and_empty_parts_say_nothing() {
        var again = of(start("t"), delta(""), delta("ab"), delta(""), end("t"));
        assertThat(says(again, start("t"), delta("ab"), delta(""), end("t"))).containsOnly(SAME);
        assertThat(says(of(start("t"), end("t")), start("t"), end("t"))).containsOnly(SAME);
        assertThat(says(of(start("t"), delta(""), end("t")), start("t"), delta("x")))
                .containsExactly(SAME, fork(2, delta("x")));
    }

    @Test
    void a_tool_call_is_the_same_where_its_arguments_are_the_same_json_and_keeps_its_id() {
        var again = of(
                Chunks.toolInputStart("call_1", "weather"),
                Chunks.toolInputAvailable("call_1", "weather", json("{\"city\":\"Rome\",\"days\":1}")));
        assertThat(says(
                        again,
                        Chunks.toolInputStart("call_9", "weather"),
                        Chunks.toolInputAvailable("call_9", "weather", json("{\"days\":1.0,\"city\":\"Rome\"}"))))
                .containsOnly(SAME);
        assertThat(shown(again.next(Chunks.toolOutputError("call_9", "no")))).contains("\"toolCallId\":\"call_1\"");
        assertThat(shown(again.next(Chunks.toolInputDelta("call_9", "{")))).contains("\"toolCallId\":\"call_1\"");
        assertThat(shown(again.next(Chunks.toolInputStart("call_10", "x")))).contains("\"toolCallId\":\"call_10\"");
    }

    @Test
    void other_arguments_are_a_difference_under_the_id_that_is_known() {
        var again = of(
                Chunks.toolInputStart("call_1", "weather"),
                Chunks.toolInputAvailable("call_1", "weather", json("{\"city\":\"Rome\"}")));
        again.next(Chunks.toolInputStart("call_9", "weather"));
        var fork = (Next.Fork) again.next(Chunks.toolInputAvailable("call_9", "weather", json("{\"city\":\"Oslo\"}")));
        assertThat(fork.base()).isEqualTo(1);
        assertThat(text(fork.chunks().getFirst())).contains("call_1", "Oslo");
    }

    @Test
    void another_tool_is_another_call_with_its_own_id() {
        var again = of(start("t"), delta("a"), end("t"), Chunks.toolInputStart("call_1", "weather"));
        says(again, start("t"), delta("a"), end("t"));
        var fork = (Next.Fork) again.next(Chunks.toolInputStart("call_9", "time"));
        assertThat(fork.base()).isEqualTo(3);
        assertThat(text(fork.chunks().getFirst())).contains("call_9");
    }

    @Test
    void two_calls_of_one_tool_are_not_mistaken_for_each_other() {
        var again = of(
                Chunks.toolInputStart("a", "t"),
                Chunks.toolInputStart("b", "t"),
                Chunks.toolInputAvailable("a", "t", json("1")));
        says(again, Chunks.toolInputStart("x", "t"), Chunks.toolInputStart("y", "t"));
        assertThat(again.next(Chunks.toolInputAvailable("y", "t", json("1")))).isInstanceOf(Next.Fork.class);
    }

    @Test
    void the_secret_of_the_last_step_is_kept_when_an_id_is_replaced() {
        var again = of(Chunks.toolInputStart("a", "t"));
        again.next(Chunks.toolInputStart("b", "t"));
        var beyond = (Next.Beyond) again.next(Chunks.toolOutputError("b", "no").withMeta(Logs.json("{\"x\":1}")));
        assertThat(beyond.chunk().meta()).isEqualTo(Logs.json("{\"x\":1}"));
    }

    @Test
    void who_gives_up_leaves_what_was_not_said_again() {
        var again = of(start("t"), delta("one "), delta("two"), end("t"));
        says(again, start("t"), delta("one t"));
        assertThat(shown(again.giveUp())).isEqualTo(fork(2, delta("t")));
        assertThat(shown(again.next(delta("wo")))).isEqualTo(beyond(delta("wo")));
        var early = of(Chunks.start(ANSWER), start("t"));
        early.next(Chunks.start(ANSWER));
        assertThat(early.giveUp()).isEqualTo(new Next.Fork(1, List.of()));
        assertThatThrownBy(of()::giveUp).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void an_answer_of_another_message_is_a_difference_at_once() {
        assertThat(says(of(Chunks.start(ANSWER), Chunks.startStep()), Chunks.start(new UUID(0, 2))))
                .containsExactly(fork(0, Chunks.start(new UUID(0, 2))));
    }

    private static Regeneration of(Chunk... log) {
        var records = new ArrayList<LogRecord>();
        for (var chunk : log) {
            records.add(new LogRecord(records.size() + 1, 3, chunk.json(), chunk.meta()));
        }
        return new Regeneration(records);
    }

    private static List<String> says(Regeneration again, Chunk... chunks) {
        var next = new ArrayList<String>();
        for (var chunk : chunks) {
            next.add(shown(again.next(chunk)));
        }
        return next;
    }

    private static String shown(Next next) {
        return switch (next) {
            case Next.Same() -> SAME;
            case Next.Beyond(Chunk chunk) -> beyond(chunk);
            case Next.Fork(int base, List<Chunk> chunks) -> fork(base, chunks.toArray(Chunk[]::new));
        };
    }

    private static String beyond(Chunk chunk) {
        return "beyond " + text(chunk);
    }

    private static String fork(int base, Chunk... chunks) {
        return "fork " + base + " "
                + Arrays.stream(chunks).map(RegenerationTest::text).collect(Collectors.joining(" "));
    }

    private static String text(Chunk chunk) {
        return new String(chunk.json(), StandardCharsets.UTF_8);
    }

    private static Chunk.Whole start(String id) {
        return Chunks.textStart(id);
    }

    private static Chunk.Whole end(String id) {
        return Chunks.textEnd(id);
    }

    private static Chunk.Delta delta(String text) {
        return Chunks.textDelta("t", text);
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
