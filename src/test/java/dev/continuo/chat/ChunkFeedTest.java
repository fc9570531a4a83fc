package dev.continuo.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.attach.Batch;
import dev.continuo.attach.Batches;
import dev.continuo.attach.Feed.Progress;
import dev.continuo.attach.Signal;
import dev.continuo.chat.Projection.Reader;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ChunkFeedTest {
    private static final String START = "{\"type\":\"start\",\"messageId\":\"" + FakeRun.ANSWER + "\"}";
    private static final String START_STEP = "{\"type\":\"start-step\"}";
    private static final String TEXT_START = "{\"type\":\"text-start\",\"id\":\"t1\"}";
    private static final String TEXT_END = "{\"type\":\"text-end\",\"id\":\"t1\"}";
    private static final String FINISH_STEP = "{\"type\":\"finish-step\"}";
    private static final String FINISH = "{\"type\":\"finish\",\"finishReason\":\"stop\"}";
    private static final String ABORT = "{\"type\":\"abort\"}";
    private static final String BARE_FINISH = "{\"type\":\"finish\"}";
    private static final String RESET_STEP = "{\"type\":\"reset-step\"}";
    private static final String DONE = "[DONE]";
    private static final String REWRITTEN = "{\"type\":\"error\",\"errorText\":\"" + SaidChunks.REWRITTEN + "\"}";
    private static final Declared NOTHING_SPECIAL = Declared.of(null);

    private static final String APPROVAL =
            "{\"type\":\"tool-approval-request\",\"approvalId\":\"a1\",\"toolCallId\":\"c1\"}";
    private static final String WAITS = "{\"type\":\"finish\",\"finishReason\":\"tool-calls\"}";

    private final FakeRun run = new FakeRun();
    private final Batch batch = new Batch();
    private boolean canCut = true;
    private boolean armed;
    private int pausedAt = -1;

    @Test
    void a_pause_ends_the_stream_so_that_the_client_lets_its_user_answer() {
        run.says(START, START_STEP, FINISH_STEP, APPROVAL).waitsForPeople();
        pausedAt = 4;
        var knows = Declared.of("tool-approval-request");
        var said = chunks(all(feed(Viewing.fresh(Reader.CHAT, knows))));
        assertThat(said).containsExactly(START, START_STEP, FINISH_STEP, APPROVAL, WAITS, DONE);
        assertThat(chunks(all(feed(Viewing.replay(knows))))).isEqualTo(said);
        assertThat(chunks(all(feed(Viewing.fresh(Reader.CHAT, NOTHING_SPECIAL)))))
                .containsExactly(
                        START,
                        START_STEP,
                        FINISH_STEP,
                        "{\"type\":\"data-continuo\",\"data\":{\"chunk\":\"tool-approval-request\",\"approvalId\":\"a1\","
                                + "\"toolCallId\":\"c1\"},\"transient\":true}",
                        WAITS,
                        DONE);
    }

    @Test
    void a_pause_that_is_over_by_now_ends_nothing() {
        run.says(START, START_STEP, FINISH_STEP, APPROVAL).waitsForPeople();
        var feed = feed(Viewing.fresh(Reader.CHAT, Declared.of("tool-approval-request")));
        assertThat(chunks(said(feed))).endsWith(APPROVAL);
        run.says(FINISH).ends("completed");
        assertThat(chunks(all(feed))).containsExactly(FINISH, DONE);
    }

    @Test
    void who_answered_gets_the_id_of_its_message_and_what_follows() {
        run.says(
                        START,
                        START_STEP,
                        FINISH_STEP,
                        APPROVAL,
                        "{\"type\":\"tool-output-denied\",\"toolCallId\":\"c1\"}",
                        FINISH)
                .ends("completed");
        assertThat(chunks(all(feed(Viewing.following(Reader.CHAT, Declared.of("tool-output-denied"), 4)))))
                .containsExactly(START, "{\"type\":\"tool-output-denied\",\"toolCallId\":\"c1\"}", FINISH, DONE);
        assertThat(chunks(all(feed(Viewing.following(Reader.CHAT, NOTHING_SPECIAL, 4)))))
                .as("a client that does not know it would wait for an output")
                .containsExactly(
                        START,
                        "{\"type\":\"tool-output-error\",\"toolCallId\":\"c1\",\"errorText\":\"The call was not allowed.\","
                                + "\"dynamic\":true}",
                        FINISH,
                        DONE);
    }

    @Test
    void a_run_is_passed_on_byte_for_byte_and_ends_with_finish_and_done() {
        run.says(START, START_STEP, TEXT_START, delta("a"), delta("b"), TEXT_END, FINISH_STEP, FINISH)
                .ends("completed");

        assertThat(all(feed(Viewing.fresh(Reader.CHAT, NOTHING_SPECIAL))))
                .isEqualTo(frame(1, 1, START)
                        + frame(1, 2, START_STEP)
                        + frame(1, 3, TEXT_START)
                        + frame(1, 4, delta("a"))
                        + frame(1, 5, delta("b"))
                        + frame(1, 6, TEXT_END)
                        + frame(1, 7, FINISH_STEP)
                        + frame(1, 8, FINISH)
                        + frame(1, 8, DONE));
        assertThat(armed).isFalse();
    }

    @Test
    void a_replay_says_the_past_in_one_delta_per_part_and_then_goes_live() {
        run.says(START, START_STEP, TEXT_START, delta("a"), delta("b"), delta("ü"));
        var feed = feed(Viewing.replay(NOTHING_SPECIAL));

        assertThat(said(feed))
                .isEqualTo(frame(1, 1, START)
                        + frame(1, 2, START_STEP)
                        + frame(1, 3, TEXT_START)
                        + frame(1, 6, delta("abü")));
        run.says(delta("d"), delta("e"));
        assertThat(said(feed)).isEqualTo(frame(1, 7, delta("d")) + frame(1, 8, delta("e")));
    }

    @Test
    void a_tail_that_has_not_looked_yet_is_not_taken_for_an_empty_past() {
        run.says(START, START_STEP, TEXT_START, delta("a"), delta("b")).isNotReadYet();
        var feed = feed(Viewing.replay(NOTHING_SPECIAL));

        assertThat(said(feed)).isEmpty();
        run.isReady();
        assertThat(chunks(said(feed))).endsWith(delta("ab"));
    }

    @Test
    void a_rewind_before_anything_is_on_the_screen_disturbs_nobody() {
        run.says(START, START_STEP);
        var feed = feed(Viewing.fresh(Reader.CHAT, NOTHING_SPECIAL));
        said(feed);
        run.forksAt(0)
                .says(START, START_STEP, TEXT_START, delta("x"), TEXT_END, FINISH_STEP, FINISH)
                .ends("completed");

        assertThat(chunks(all(feed)))
                .containsExactly(START, TEXT_START, delta("x"), TEXT_END, FINISH_STEP, FINISH, DONE);
    }

    @Test
    void a_rewind_of_shown_text_is_told_as_an_error_and_a_cut() {
        run.says(START, START_STEP, TEXT_START, delta("a"), delta("b"));
        var feed = feed(Viewing.fresh(Reader.CHAT, NOTHING_SPECIAL));
        said(feed);
        run.forksAt(4).says(delta("x"));

        assertThat(chunks(all(feed))).containsExactly(REWRITTEN);
        assertThat(armed).isTrue();
    }

    @Test
    void where_nothing_can_be_cut_the_error_is_followed_by_finish() {
        canCut = false;
        run.says(START, START_STEP, TEXT_START, delta("a"), delta("b"));
        var feed = feed(Viewing.fresh(Reader.CHAT, NOTHING_SPECIAL));
        said(feed);
        run.forksAt(4).says(delta("x"));

        assertThat(chunks(all(feed))).containsExactly(REWRITTEN, BARE_FINISH, DONE);
    }

    @Test
    void a_client_that_knows_reset_step_hears_the_kept_part_of_the_step_again() {
        run.says(START, START_STEP, TEXT_START, delta("a"), delta("b"), delta("c"));
        var feed = feed(Viewing.fresh(Reader.CHAT, Declared.of("foo, reset-step")));
        said(feed);
        run.forksAt(5).says(delta("x"));

        assertThat(said(feed)).isEqualTo(frame(2, 5, RESET_STEP) + frame(1, 3, TEXT_START) + frame(2, 6, delta("abx")));
        run.says(delta("y"));
        assertThat(said(feed)).isEqualTo(frame(2, 7, delta("y")));
        assertThat(run.open()).isEqualTo(1);
    }

    @Test
    void a_restart_from_the_first_step_is_a_reset_without_a_second_step_start() {
        run.says(START, START_STEP, TEXT_START, delta("a"));
        var feed = feed(Viewing.fresh(Reader.CHAT, Declared.of("reset-step")));
        said(feed);
        run.forksAt(0).says(START, START_STEP, TEXT_START, delta("x"));

        assertThat(chunks(said(feed))).containsExactly(RESET_STEP, START, TEXT_START, delta("x"));
    }

    @Test
    void a_rewind_into_an_earlier_step_cannot_be_said_by_reset_step() {
        run.says(START, START_STEP, TEXT_START, delta("a"), TEXT_END, FINISH_STEP, START_STEP, TEXT_START, delta("b"));
        var feed = feed(Viewing.fresh(Reader.CHAT, Declared.of("reset-step")));
        said(feed);
        run.forksAt(4).says(delta("x"));

        assertThat(all(feed)).isEmpty();
        assertThat(armed).isTrue();
    }

    @Test
    void a_rewind_to_the_end_of_the_step_before_empties_the_new_one() {
        run.says(START, START_STEP, TEXT_START, delta("a"), TEXT_END, FINISH_STEP, START_STEP, TEXT_START, delta("b"));
        var feed = feed(Viewing.fresh(Reader.CHAT, Declared.of("reset-step")));
        said(feed);
        run.forksAt(6).says(START_STEP, TEXT_START, delta("x"));

        assertThat(chunks(said(feed))).containsExactly(RESET_STEP, TEXT_START, delta("x"));
    }

    @Test
    void a_rewind_while_the_past_is_being_read_shows_only_the_new_past() {
        run.says(START, START_STEP, TEXT_START, delta("a"), delta("b"));
        var feed = feed(Viewing.fresh(Reader.CHAT, Declared.of("reset-step")));
        said(feed);
        run.forksAt(4).says(delta("x")).isNotReadYet();
        said(feed);
        run.isReady();
        said(feed);
        run.forksAt(3).says(delta("z"));

        assertThat(chunks(said(feed))).containsExactly(RESET_STEP, TEXT_START, delta("z"));
    }

    @Test
    void a_run_cancelled_in_the_queue_has_a_start_an_abort_and_a_finish() {
        run.ends("cancelled");

        assertThat(all(feed(Viewing.replay(NOTHING_SPECIAL))))
                .isEqualTo(frame(1, 0, START) + frame(1, 0, ABORT) + frame(1, 0, BARE_FINISH) + frame(1, 0, DONE));
    }

    @Test
    void counting_from_a_chunk_is_exact_and_uncompacted() {
        run.says(START, START_STEP, TEXT_START, delta("a"), delta("b"), delta("c"), TEXT_END, FINISH_STEP, FINISH)
                .ends("completed");

        assertThat(all(feed(Viewing.counting(NOTHING_SPECIAL, 4))))
                .isEqualTo(frame(1, 5, delta("b"))
                        + frame(1, 6, delta("c"))
                        + frame(1, 7, TEXT_END)
                        + frame(1, 8, FINISH_STEP)
                        + frame(1, 9, FINISH)
                        + frame(1, 9, DONE));
    }

    @Test
    void who_counts_past_a_base_that_voided_something_is_told_to_reload() {
        run.says(START, START_STEP, TEXT_START, delta("a"), delta("b"))
                .forksAt(4)
                .says(delta("x"), delta("y"));

        assertThat(chunks(all(feed(Viewing.counting(NOTHING_SPECIAL, 5)))))
                .containsExactly(REWRITTEN, BARE_FINISH, DONE);
        assertThat(chunks(said(feed(Viewing.counting(NOTHING_SPECIAL, 4))))).containsExactly(delta("x"), delta("y"));
        assertThat(armed).isFalse();
    }

    @Test
    void an_invisible_takeover_does_not_disturb_who_counts() {
        run.says(START, START_STEP, TEXT_START, delta("a")).forksAt(4).says(delta("x"), delta("y"));

        assertThat(chunks(said(feed(Viewing.counting(NOTHING_SPECIAL, 5))))).containsExactly(delta("y"));
    }

    @Test
    void an_unknown_chunk_has_a_stand_in_of_its_own_position() {
        String request = "{\"type\":\"tool-approval-request\",\"approvalId\":\"1\",\"toolCallId\":\"c\"}";
        run.says(START, request);

        assertThat(said(feed(Viewing.fresh(Reader.CHAT, NOTHING_SPECIAL))))
                .isEqualTo(frame(1, 1, START)
                        + frame(
                                1,
                                2,
                                "{\"type\":\"data-continuo\",\"data\":{\"chunk\":\"tool-approval-request\","
                                        + "\"approvalId\":\"1\",\"toolCallId\":\"c\"},\"transient\":true}"));
        assertThat(chunks(said(feed(Viewing.fresh(Reader.CHAT, Declared.of("tool-approval-request"))))))
                .containsExactly(START, request);
    }

    @Test
    void a_run_whose_records_are_deleted_is_told_from_its_message() {
        run.says(START, FINISH).ends("completed").losesItsRecords();

        assertThat(chunks(all(feed(Viewing.replay(NOTHING_SPECIAL)))))
                .containsExactly(START, "{\"type\":\"stored\"}", BARE_FINISH, DONE);
        assertThat(chunks(all(feed(Viewing.counting(NOTHING_SPECIAL, 1)))))
                .containsExactly(REWRITTEN, BARE_FINISH, DONE);
    }

    @Test
    void a_client_of_version_6_or_7_is_cut_without_a_word_and_may_resume_by_itself() {
        run.says(START, START_STEP, TEXT_START, delta("a"), delta("b"));
        var feed = feed(Viewing.fresh(Reader.CHAT, Declared.of("tool-approval-request")));
        said(feed);
        run.forksAt(4).says(delta("x"));

        assertThat(all(feed)).isEmpty();
        assertThat(armed).isTrue();
    }

    @Test
    void a_farewell_to_a_chat_that_may_be_of_version_5_is_an_error_and_a_cut() {
        assertThat(farewell(Viewing.replay(NOTHING_SPECIAL)))
                .containsExactly("{\"type\":\"error\",\"errorText\":\"" + SaidChunks.MOVED + "\"}");
        assertThat(armed).isTrue();
    }

    @Test
    void a_farewell_adds_no_chunk_where_the_client_may_be_one_that_counts() {
        assertThat(farewell(Viewing.fresh(Reader.UNKNOWN, NOTHING_SPECIAL))).isEmpty();
        assertThat(armed).isTrue();
    }

    @Test
    void a_farewell_to_who_counts_is_a_clean_end() {
        assertThat(farewell(Viewing.counting(NOTHING_SPECIAL, 1))).isEmpty();
        assertThat(armed).isFalse();
    }

    private List<String> farewell(Viewing viewing) {
        run.says(START);
        var feed = feed(viewing);
        said(feed);
        feed.farewell(batch, Duration.ofSeconds(1));
        return chunks(Batches.text(batch));
    }

    private ChunkFeed feed(Viewing viewing) {
        var feed = new ChunkFeed(
                run,
                FakeRun.ANSWER,
                viewing,
                () -> List.of(START.getBytes(UTF_8), "{\"type\":\"stored\"}".getBytes(UTF_8)),
                idx -> idx == pausedAt,
                () -> armed = canCut);
        feed.begin(new Signal());
        return feed;
    }

    private String said(ChunkFeed feed) {
        var said = new StringBuilder();
        Progress progress;
        do {
            progress = feed.next(batch);
            said.append(Batches.text(batch));
        } while (progress == Progress.MORE);
        return said.toString();
    }

    /** Everything to the end, which must be there. */
    private String all(ChunkFeed feed) {
        var said = new StringBuilder();
        Progress progress;
        do {
            progress = feed.next(batch);
            said.append(Batches.text(batch));
        } while (progress == Progress.MORE);
        assertThat(progress).isEqualTo(Progress.END);
        return said.toString();
    }

    private static List<String> chunks(String frames) {
        return Arrays.stream(frames.split("\n"))
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring(6))
                .collect(Collectors.toList());
    }

    private static String frame(long epoch, int idx, String data) {
        return "id: " + FakeRun.RUN + "." + epoch + "." + idx + "\ndata: " + data + "\n\n";
    }

    private static String delta(String text) {
        return "{\"type\":\"text-delta\",\"id\":\"t1\",\"delta\":\"" + text + "\"}";
    }
}
