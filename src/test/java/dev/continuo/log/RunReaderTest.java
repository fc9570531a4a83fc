package dev.continuo.log;

import static dev.continuo.log.Logs.MINE;
import static dev.continuo.log.Logs.OTHER;
import static dev.continuo.log.Logs.RUN;
import static dev.continuo.log.Logs.base;
import static dev.continuo.log.Logs.batch;
import static dev.continuo.log.Logs.finished;
import static dev.continuo.log.Logs.forgotten;
import static dev.continuo.log.Logs.marker;
import static dev.continuo.log.Logs.records;
import static dev.continuo.log.Logs.running;
import static dev.continuo.log.Logs.segment;
import static dev.continuo.log.Logs.terminal;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RunReaderTest {
    private static final Step RESYNC = new Step.Resync();

    private final RunReader reader = new RunReader(RUN);

    @Test
    void a_first_snapshot_brings_the_epoch_and_all_records() {
        assertThat(reader.onSnapshot(running(List.of(base(1, 0, MINE)), segment(1, 1, 2), segment(1, 3, 3))))
                .containsExactly(
                        new Step.Opened(1, 0, "takeover"),
                        new Step.Emit(records(1, 1, 2)),
                        new Step.Emit(records(1, 3, 3)));
        assertThat(reader.bases()).containsExactly(java.util.Map.entry(1L, 0));
    }

    @Test
    void records_are_shown_once_and_in_order() {
        at(1, 3);
        assertThat(reader.onMessage(batch(1, MINE, 2, 3))).isEmpty();
        assertThat(reader.onMessage(batch(1, MINE, 3, 5))).containsExactly(new Step.Emit(records(1, 4, 5)));
    }

    @Test
    void what_comes_behind_a_hole_waits_for_what_fills_it() {
        at(1, 3);
        assertThat(reader.onMessage(batch(1, MINE, 6, 7))).containsExactly(RESYNC);
        assertThat(reader.onMessage(batch(1, MINE, 4, 5)))
                .containsExactly(new Step.Emit(records(1, 4, 5)), new Step.Emit(records(1, 6, 7)));
    }

    @Test
    void a_snapshot_fills_the_hole_and_the_tail_is_live_again() {
        at(1, 3);
        reader.onMessage(batch(1, MINE, 6, 7));
        assertThat(reader.onSnapshot(running(List.of(base(1, 0, MINE)), segment(1, 1, 5))))
                .containsExactly(new Step.Emit(records(1, 4, 5)), new Step.Emit(records(1, 6, 7)));
    }

    @Test
    void of_too_many_held_records_the_newest_are_kept() {
        at(1, 1);
        for (int first = 3; first < 3_000; first += 10) {
            assertThat(reader.onMessage(batch(1, MINE, first, first + 9))).containsExactly(RESYNC);
        }
        reader.onSnapshot(running(List.of(base(1, 0, MINE)), segment(1, 1, 2_500)));
        assertThat(reader.lastIdx()).isEqualTo(3_002);
    }

    @Test
    void a_lower_epoch_is_dropped_and_another_author_of_the_same_epoch_too() {
        at(2, 3);
        assertThat(reader.onMessage(batch(1, MINE, 4, 4))).isEmpty();
        assertThat(reader.onMessage(batch(2, OTHER, 4, 4))).isEmpty();
        assertThat(reader.onMessage(marker(1, MINE, 0))).isEmpty();
        assertThat(reader.onMessage(marker(2, MINE, 0))).isEmpty();
        assertThat(reader.lastIdx()).isEqualTo(3);
    }

    @Test
    void the_marker_of_the_next_epoch_rewinds_to_its_base() {
        at(1, 9);
        assertThat(reader.onMessage(marker(2, OTHER, 7))).containsExactly(new Step.Rewind(7, 2, "takeover"));
        assertThat(reader.onMessage(batch(2, OTHER, 8, 8))).containsExactly(new Step.Emit(records(2, 8, 8)));
    }

    @Test
    void a_takeover_that_voids_nothing_is_not_a_rewind() {
        at(1, 9);
        assertThat(reader.onMessage(marker(2, OTHER, 9))).containsExactly(new Step.Opened(2, 9, "takeover"));
    }

    @Test
    void a_marker_above_what_is_shown_or_over_a_missing_epoch_asks_postgresql() {
        at(1, 9);
        assertThat(reader.onMessage(marker(2, OTHER, 10))).containsExactly(RESYNC);
        assertThat(reader.onMessage(marker(3, OTHER, 9))).containsExactly(RESYNC);
        assertThat(reader.epoch()).isEqualTo(1);
    }

    @Test
    void records_of_an_epoch_that_is_not_known_yet_wait_for_it() {
        at(1, 9);
        assertThat(reader.onMessage(batch(3, OTHER, 8, 9))).containsExactly(RESYNC);
        assertThat(reader.onSnapshot(running(
                        List.of(base(1, 0, MINE), base(2, 5, OTHER), base(3, 7, OTHER)),
                        segment(1, 1, 5),
                        segment(2, 6, 7))))
                .containsExactly(
                        new Step.Rewind(5, 3, "takeover"),
                        new Step.Emit(records(2, 6, 7)),
                        new Step.Emit(records(3, 8, 9)));
    }

    @Test
    void segments_of_an_older_epoch_are_shown_where_it_was_adopted() {
        at(1, 3);
        assertThat(reader.onSnapshot(running(List.of(base(1, 0, MINE), base(2, 5, OTHER)), segment(1, 1, 5))))
                .containsExactly(new Step.Opened(2, 5, "takeover"), new Step.Emit(records(1, 4, 5)));
    }

    @Test
    void a_snapshot_without_what_a_rewind_needs_is_asked_for_again() {
        at(1, 9);
        assertThat(reader.onSnapshot(running(List.of(base(1, 0, MINE), base(2, 2, OTHER)), segment(2, 6, 12))))
                .containsExactly(new Step.Rewind(2, 2, "takeover"), RESYNC);
    }

    @Test
    void an_epoch_that_postgresql_lost_or_gave_to_another_claim_starts_over() {
        at(2, 5);
        assertThat(reader.onSnapshot(running(List.of(base(1, 0, MINE), base(2, 3, OTHER)), segment(1, 1, 3))))
                .startsWith(new Step.Rewind(0, 2, "unknown-epoch"))
                .endsWith(new Step.Emit(records(1, 1, 3)));
        assertThat(reader.onSnapshot(running(List.of(base(1, 0, MINE)), segment(1, 1, 3))))
                .startsWith(new Step.Rewind(0, 1, "unknown-epoch"));
    }

    @Test
    void a_terminal_comes_after_all_records_and_takes_back_what_is_above_it() {
        at(1, 9);
        assertThat(reader.onSnapshot(finished(List.of(base(1, 0, MINE)), segment(1, 1, 7))))
                .containsExactly(new Step.Rewind(7, 1, "end"), new Step.Ended(terminal(1, 7)));
        assertThat(reader.onMessage(batch(1, MINE, 8, 8))).isEmpty();
    }

    @Test
    void a_terminal_whose_records_are_not_all_here_waits_for_them() {
        assertThat(reader.onSnapshot(finished(List.of(base(1, 0, MINE)), segment(1, 4, 7))))
                .containsExactly(new Step.Opened(1, 0, "takeover"), RESYNC);
    }

    @Test
    void without_segments_the_stored_message_replaces_what_is_missing() {
        assertThat(reader.onSnapshot(forgotten(List.of(base(1, 0, MINE)), 7)))
                .contains(new Step.Replaced(terminal(1, 7)));
        assertThat(reader.replaced()).isTrue();
    }

    @Test
    void without_segments_a_reader_that_has_everything_just_ends() {
        at(1, 7);
        assertThat(reader.onSnapshot(forgotten(List.of(base(1, 0, MINE)), 7)))
                .containsExactly(new Step.Ended(terminal(1, 7)));
    }

    @Test
    void a_run_that_was_never_claimed_ends_without_records() {
        var cancelled = new RunSnapshot(
                RUN, RUN, false, 0, Optional.empty(), 0, List.of(), List.of(), Optional.of(terminal(0, 0)), true);
        assertThat(reader.onSnapshot(cancelled)).containsExactly(new Step.Ended(terminal(0, 0)));
    }

    @Test
    void a_hint_of_an_end_is_a_reason_to_look_and_nothing_else() {
        at(1, 7);
        assertThat(reader.onFinishedHint()).containsExactly(RESYNC);
        assertThat(reader.ended()).isFalse();
    }

    @Test
    void any_lead_of_postgresql_is_noticed() {
        at(1, 7);
        assertThat(reader.trails(new Known(1, 7, false))).isFalse();
        assertThat(reader.trails(new Known(1, 5, false))).isFalse();
        assertThat(reader.trails(new Known(1, 8, false))).isTrue();
        assertThat(reader.trails(new Known(2, 7, false))).isTrue();
        assertThat(reader.trails(new Known(1, 7, true))).isTrue();
    }

    @Test
    void a_replay_starts_after_the_last_sequence_that_a_segment_knows() {
        reader.onSnapshot(running(
                List.of(base(1, 0, MINE)),
                segment(1, 1, 2, OptionalLong.of(40)),
                segment(1, 3, 3, OptionalLong.empty())));
        assertThat(reader.replayAfter()).hasValue(40);
    }

    private void at(long epoch, int idx) {
        var bases = epoch == 1 ? List.of(base(1, 0, MINE)) : List.of(base(1, 0, MINE), base(epoch, 0, MINE));
        reader.onSnapshot(running(bases, segment(epoch, 1, idx)));
    }
}
