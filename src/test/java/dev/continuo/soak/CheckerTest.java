package dev.continuo.soak;

import static dev.continuo.soak.Healthy.FIRST;
import static dev.continuo.soak.Healthy.NEXT;
import static dev.continuo.soak.Healthy.PROMPT;
import static dev.continuo.soak.Healthy.SECOND;
import static dev.continuo.soak.Healthy.chunk;
import static dev.continuo.soak.Healthy.chunkFrames;
import static dev.continuo.soak.Healthy.connection;
import static dev.continuo.soak.Healthy.delta;
import static dev.continuo.soak.Healthy.move;
import static dev.continuo.soak.Healthy.post;
import static dev.continuo.soak.Healthy.rec;
import static dev.continuo.soak.Healthy.rewind;
import static dev.continuo.soak.Healthy.terminal;
import static dev.continuo.soak.Healthy.threadFrames;
import static dev.continuo.soak.Healthy.watched;
import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.testkit.SseClient;
import dev.continuo.testkit.SseEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Breaks every invariant on purpose: a checker that finds nothing must have looked. */
class CheckerTest {
    private static List<Invariant> broken(Consumer<Healthy> how) {
        var history = new Healthy();
        how.accept(history);
        return history.check().stream().map(Violation::invariant).distinct().toList();
    }

    private static Consumer<Healthy> seeing(Watched watched) {
        return history -> history.watched.add(watched);
    }

    private static List<SseEvent> frames(Consumer<List<SseEvent>> spoiling) {
        var frames = new ArrayList<>(threadFrames());
        spoiling.accept(frames);
        return frames;
    }

    private static Consumer<Healthy> threadSees(Consumer<List<SseEvent>> spoiling) {
        return seeing(watched(Watched.Kind.THREAD, "", frames(spoiling)));
    }

    private static Consumer<Healthy> firstIs(List<Stored.Rec> log) {
        return history -> {
            history.watched.clear();
            history.runs.set(0, Healthy.first(log));
        };
    }

    private static List<Stored.Rec> log(Consumer<List<Stored.Rec>> spoiling) {
        var log = new ArrayList<>(Healthy.log(FIRST));
        spoiling.accept(log);
        return log;
    }

    @Test
    void a_history_in_which_all_went_well_has_no_violation() {
        assertThat(new Healthy().check()).isEmpty();
    }

    @Test
    void i1_an_acknowledged_message_that_is_not_stored() {
        assertThat(broken(history -> history.sent.removeFirst())).containsExactly(Invariant.I1);
    }

    @Test
    void i1_a_message_that_is_stored_twice() {
        assertThat(broken(history -> history.sent.add(history.sent.getFirst()))).containsExactly(Invariant.I1);
    }

    @Test
    void i1_a_refused_message_that_is_stored() {
        assertThat(broken(history -> history.posts.set(1, post("k2", NEXT, 1_500, new Post.Answer.Refused(400)))))
                .containsExactly(Invariant.I1);
    }

    @Test
    void i1_another_body_that_was_acknowledged() {
        assertThat(broken(history ->
                        history.posts.add(post("k1", "other", 2_000, new Post.Answer.Accepted(FIRST, "m1", "a1")))))
                .containsExactly(Invariant.I1);
    }

    @Test
    void an_unknown_outcome_may_be_stored_or_not() {
        assertThat(broken(history -> {
                    history.posts.set(1, post("k2", NEXT, 1_500, new Post.Answer.Unknown("503")));
                    history.posts.add(post("k3", "many:1", 1_600, new Post.Answer.Unknown("no answer")));
                    history.posts.add(post("k1", "other", 2_000, new Post.Answer.Conflict()));
                }))
                .isEmpty();
    }

    @Test
    void i2_a_run_that_has_not_ended() {
        assertThat(broken(history -> {
                    var run = Healthy.second();
                    history.watched.clear();
                    history.nothings.clear();
                    history.moves.removeLast();
                    history.runs.set(
                            1,
                            new Stored.Run(
                                    run.id(),
                                    run.thread(),
                                    2,
                                    "RUNNING",
                                    1,
                                    1,
                                    4,
                                    Optional.empty(),
                                    Optional.empty(),
                                    NEXT,
                                    run.log(),
                                    run.epochs(),
                                    List.of()));
                }))
                .containsExactly(Invariant.I2);
    }

    @Test
    void i3_a_run_that_ends_twice() {
        assertThat(broken(
                        history -> history.moves.add(move(8_000, SECOND, 2, "COMPLETED", "CANCELLED", 1, 1, "node-2"))))
                .contains(Invariant.I3);
    }

    @Test
    void i3_a_text_without_an_answer() {
        assertThat(broken(history -> {
                    var run = Healthy.second();
                    history.runs.set(
                            1,
                            new Stored.Run(
                                    run.id(),
                                    run.thread(),
                                    2,
                                    "COMPLETED",
                                    1,
                                    1,
                                    4,
                                    run.sha256(),
                                    run.finished(),
                                    NEXT,
                                    run.log(),
                                    run.epochs(),
                                    List.of()));
                }))
                .containsExactly(Invariant.I3);
    }

    @Test
    void i3_a_watcher_that_saw_another_end() {
        assertThat(broken(threadSees(frames -> frames.set(9, terminal(FIRST, 1, 5, "wA1-1 other-wA1-2 other-wA1-3 ")))))
                .containsExactly(Invariant.I3);
    }

    @Test
    void i4_two_runs_of_a_thread_at_once() {
        assertThat(broken(history -> history.moves.add(1, move(1_200, SECOND, 2, "READY", "RUNNING", 0, 1, "node-3"))))
                .contains(Invariant.I4);
    }

    @Test
    void i4_a_claim_after_a_later_turn_has_ended() {
        assertThat(broken(history -> {
                    history.moves.subList(0, 4).clear();
                    history.moves.add(move(9_000, FIRST, 1, "READY", "RUNNING", 0, 1, "node-1"));
                }))
                .containsExactly(Invariant.I4);
    }

    @Test
    void i5_an_epoch_that_is_claimed_twice() {
        assertThat(broken(history -> history.moves.set(2, move(4_100, FIRST, 1, "READY", "RUNNING", 1, 1, "node-2"))))
                .containsExactly(Invariant.I5);
    }

    @Test
    void i6_a_hole_in_the_log() {
        assertThat(broken(firstIs(log(log -> log.remove(2))))).contains(Invariant.I6);
    }

    @Test
    void i6_a_text_that_no_call_gave() {
        assertThat(broken(firstIs(log(log -> log.set(3, rec(4, 2, delta("wA1-3 ")))))))
                .containsExactly(Invariant.I6);
    }

    @Test
    void i7_a_record_that_is_void() {
        assertThat(broken(firstIs(log(log -> log.set(2, rec(3, 1, delta("other-wA1-2 ")))))))
                .containsExactly(Invariant.I7);
    }

    @Test
    void i7_a_record_that_a_zombie_wrote() {
        assertThat(broken(history -> history.late.add(new Stored.Late(FIRST, 4, 1, 2, false))))
                .containsExactly(Invariant.I7);
    }

    @Test
    void i8_an_epoch_that_falls() {
        assertThat(broken(firstIs(log(log -> log.set(4, rec(5, 1, "{\"type\":\"finish\"}"))))))
                .contains(Invariant.I8);
    }

    @Test
    void i9_a_hole_in_a_view() {
        assertThat(broken(threadSees(frames -> frames.remove(1)))).contains(Invariant.I9);
    }

    @Test
    void i9_a_repeat_in_a_view() {
        assertThat(broken(threadSees(frames -> frames.add(1, frames.get(1))))).contains(Invariant.I9);
    }

    @Test
    void i9_a_record_of_the_dead_epoch_after_the_rewind() {
        assertThat(broken(threadSees(frames -> frames.set(5, chunk(FIRST, rec(3, 1, delta("wA1-2 ")))))))
                .contains(Invariant.I9);
    }

    @Test
    void i9_the_next_run_before_the_end_of_this_one() {
        assertThat(broken(threadSees(frames -> frames.remove(9)))).contains(Invariant.I9);
    }

    @Test
    void i10_another_word_on_the_screen() {
        assertThat(broken(threadSees(frames -> frames.set(6, chunk(FIRST, rec(4, 2, delta("wA1-3 ")))))))
                .containsExactly(Invariant.I10);
    }

    @Test
    void i10_an_end_without_the_last_record() {
        assertThat(broken(threadSees(frames -> frames.remove(7)))).containsExactly(Invariant.I10);
    }

    @Test
    void i10_a_run_that_the_watcher_of_its_thread_never_saw() {
        assertThat(broken(history -> {
                    var between = Healthy.second();
                    history.runs.set(
                            1,
                            new Stored.Run(
                                    SECOND,
                                    Healthy.THREAD,
                                    3,
                                    between.state(),
                                    1,
                                    1,
                                    between.n(),
                                    between.sha256(),
                                    between.finished(),
                                    NEXT,
                                    between.log(),
                                    between.epochs(),
                                    between.answers()));
                    history.runs.add(new Stored.Run(
                            SECOND.replace('2', '3'),
                            Healthy.THREAD,
                            2,
                            "COMPLETED",
                            1,
                            1,
                            between.n(),
                            between.sha256(),
                            between.finished(),
                            NEXT,
                            between.log(),
                            between.epochs(),
                            between.answers()));
                }))
                .contains(Invariant.I10);
    }

    @Test
    void i10_a_replay_that_is_not_the_stored_text() {
        var frames = new ArrayList<>(chunkFrames());
        frames.set(2, chunk(FIRST, rec(3, 2, delta("wA1-2 "))));
        assertThat(broken(seeing(watched(Watched.Kind.CHAT, FIRST, frames)))).containsExactly(Invariant.I10);
        assertThat(broken(seeing(watched(Watched.Kind.COUNTING, FIRST, frames))))
                .containsExactly(Invariant.I10);
    }

    @Test
    void i11_a_rewind_too_far_and_one_not_far_enough() {
        assertThat(broken(threadSees(frames -> {
                    frames.set(4, rewind(1));
                    frames.add(5, chunk(FIRST, rec(2, 1, delta("wA1-1 "))));
                })))
                .containsExactly(Invariant.I11);
        assertThat(broken(threadSees(frames -> frames.set(4, rewind(3))))).contains(Invariant.I11);
    }

    @Test
    void i12_a_stream_that_ends_before_its_terminal() {
        assertThat(broken(seeing(watched(Watched.Kind.RUN, FIRST, threadFrames().subList(0, 7)))))
                .containsExactly(Invariant.I12);
        assertThat(broken(seeing(watched(Watched.Kind.CHAT, FIRST, chunkFrames().subList(0, 4)))))
                .containsExactly(Invariant.I12);
    }

    @Test
    void i12_a_done_without_a_finish() {
        var frames = new ArrayList<>(chunkFrames());
        frames.remove(4);
        assertThat(broken(seeing(watched(Watched.Kind.CHAT, FIRST, frames)))).containsExactly(Invariant.I12);
    }

    @Test
    void i13_one_key_with_two_runs() {
        assertThat(broken(history ->
                        history.posts.add(post("k1", PROMPT, 2_000, new Post.Answer.Accepted(SECOND, "m2", "a2")))))
                .contains(Invariant.I13);
    }

    @Test
    void i14_a_word_of_another_organisation() {
        assertThat(broken(threadSees(frames -> frames.add(
                        4,
                        new SseEvent(
                                "",
                                "message",
                                "{\"run\":\"x\",\"message\":{\"parts\":[{\"text\":\"word:wB7\"}]}}",
                                0)))))
                .containsExactly(Invariant.I14);
        assertThat(broken(history -> history.peeks.add(new Peek("B", "/api/runs/" + FIRST, 200))))
                .containsExactly(Invariant.I14);
    }

    @Test
    void i15_a_call_too_many_and_calls_after_the_end() {
        assertThat(broken(history -> history.calls.add(new Call(NEXT, 2, 6_300, 6_400))))
                .containsExactly(Invariant.I15);
        assertThat(broken(history -> history.calls.set(2, new Call(NEXT, 1, 9_500, 9_600))))
                .containsExactly(Invariant.I15);
        assertThat(broken(history -> history.calls.set(2, new Call(NEXT, 1, 6_150, 0))))
                .containsExactly(Invariant.I15);
    }

    @Test
    void i15_a_frozen_node_cannot_hang_up() {
        assertThat(broken(history -> {
                    history.calls.set(2, new Call(NEXT, 1, 6_150, 19_000));
                    history.faults.add(new Injected(FaultKind.NODE_FREEZE, "node-1", 6_500, 16_000));
                }))
                .isEmpty();
    }

    @Test
    void i16_something_that_is_left_and_nodes_that_grow() {
        var small = List.of(new Footprint("node-1", 1, 100, 50, 200, 500));
        assertThat(LeakCheck.of(small, small, Map.of("segments", 0L))).isEmpty();
        assertThat(LeakCheck.of(small, small, Map.of("segments", 3L))).hasSize(1);
        assertThat(LeakCheck.of(small, List.of(new Footprint("node-1", 1, 900, 950, 1_200, 5_000)), Map.of()))
                .extracting(Violation::invariant)
                .containsExactly(Invariant.I16, Invariant.I16, Invariant.I16);
    }

    @Test
    void i17_nothing_to_resume_while_a_run_is_at_work() {
        assertThat(broken(history -> history.nothings.add(new Nothing(Healthy.THREAD, "node-3", 3_000, 3_010))))
                .containsExactly(Invariant.I17);
    }

    @Test
    void a_reader_who_comes_back_elsewhere_sees_one_text() {
        var frames = threadFrames();
        var two = watched(
                Watched.Kind.THREAD,
                connection("", "", frames.subList(0, 3)),
                connection("", FIRST + ".1.3", frames.subList(4, frames.size())));
        assertThat(broken(seeing(two))).isEmpty();
    }

    /** Its records are on their way to the node that it came to; in the middle of a stream nothing is unknown. */
    @Test
    void a_reader_who_is_ahead_of_its_new_node_is_taken_back_to_what_that_knows_and_only_as_it_comes() {
        var frames = threadFrames();
        var before = frames.subList(0, 3);
        var again = List.of(frames.get(1), frames.get(2));
        var behind = new SseEvent(
                FIRST + ".1.1", "rewind", "{\"run\":\"" + FIRST + "\",\"to\":1,\"reason\":\"unknown-idx\"}", 0);
        var after = frames.subList(4, frames.size());
        assertThat(broken(seeing(watched(
                        Watched.Kind.THREAD,
                        connection("", "", before),
                        connection("", FIRST + ".1.3", joined(List.of(List.of(behind), again, after)))))))
                .isEmpty();
        assertThat(broken(seeing(watched(
                        Watched.Kind.THREAD,
                        connection("", "", joined(List.of(before, List.of(behind), again, after)))))))
                .containsExactly(Invariant.I11);
    }

    private static List<SseEvent> joined(List<List<SseEvent>> lists) {
        return lists.stream().flatMap(List::stream).toList();
    }

    @Test
    void a_made_up_cursor_is_put_right_by_a_rewind() {
        var frames = new ArrayList<>(threadFrames());
        var known = frames.subList(5, frames.size());
        assertThat(broken(seeing(
                        watched(Watched.Kind.THREAD, guessing(".1.90", joined(List.of(List.of(rewind(2)), known)))))))
                .isEmpty();
    }

    /** Once it was told that its epoch never was, it knows those that it is told of, and nothing of theirs may come late. */
    @Test
    void a_made_up_epoch_is_forgotten_with_the_rewind_that_refuses_it() {
        var frames = threadFrames();
        var refused = new SseEvent(
                FIRST + ".1.0", "rewind", "{\"run\":\"" + FIRST + "\",\"to\":0,\"reason\":\"unknown-epoch\"}", 0);
        assertThat(broken(seeing(
                        watched(Watched.Kind.THREAD, guessing(".8.3", joined(List.of(List.of(refused), frames)))))))
                .isEmpty();
        var late = new ArrayList<>(frames);
        late.add(5, chunk(FIRST, rec(3, 1, delta("wA1-2 "))));
        late.remove(6);
        assertThat(broken(seeing(
                        watched(Watched.Kind.THREAD, guessing(".8.3", joined(List.of(List.of(refused), late)))))))
                .contains(Invariant.I9);
    }

    private static Watched.Connection guessing(String position, List<SseEvent> events) {
        return new Watched.Connection("node-3", "", FIRST + position, true, 1_050, 200, events, SseClient.Ending.CUT);
    }
}
