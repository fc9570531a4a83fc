package dev.continuo.log;

import static dev.continuo.log.Logs.MINE;
import static dev.continuo.log.Logs.OTHER;
import static dev.continuo.log.Logs.RUN;
import static dev.continuo.log.Logs.base;
import static dev.continuo.log.Logs.finished;
import static dev.continuo.log.Logs.forgotten;
import static dev.continuo.log.Logs.running;
import static dev.continuo.log.Logs.segment;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PositionsTest {
    private static final List<EpochBase> BASES = List.of(base(1, 0, MINE), base(2, 8, OTHER), base(4, 5, OTHER));
    private final RunSnapshot running = running(BASES, segment(1, 1, 5), segment(4, 6, 12));

    @Test
    void a_cursor_below_every_later_base_goes_on_exactly_after() {
        assertThat(place(running, 1, 5)).isEqualTo(new Placement.After(5));
        assertThat(place(running, 4, 12)).isEqualTo(new Placement.After(12));
    }

    @Test
    void the_lowest_base_of_all_later_epochs_counts_and_not_the_next_one() {
        assertThat(place(running, 1, 9)).isEqualTo(new Placement.RewindTo(5, "takeover"));
        assertThat(place(running, 2, 8)).isEqualTo(new Placement.RewindTo(5, "takeover"));
    }

    @Test
    void an_epoch_that_never_opened_starts_over() {
        assertThat(place(running, 3, 7)).isEqualTo(new Placement.RewindTo(0, "unknown-epoch"));
        assertThat(place(running, 3, 0)).isEqualTo(new Placement.After(0));
    }

    @Test
    void an_idx_above_everything_known_waits_while_the_run_goes_on() {
        assertThat(place(running, 4, 13)).isEqualTo(new Placement.Ahead(13));
        assertThat(place(finished(BASES, segment(4, 6, 12)), 4, 13))
                .isEqualTo(new Placement.RewindTo(12, "unknown-idx"));
    }

    @Test
    void the_end_is_the_end_of_that_epoch_only() {
        var finished = finished(BASES, segment(4, 6, 12));
        assertThat(Positions.place(Cursor.end(RUN, 4), finished)).isEqualTo(new Placement.Finished());
        assertThat(Positions.place(Cursor.end(RUN, 2), finished)).isEqualTo(new Placement.RewindTo(0, "unknown-epoch"));
        assertThat(Positions.place(Cursor.end(RUN, 4), running)).isEqualTo(new Placement.RewindTo(0, "unknown-epoch"));
    }

    @Test
    void without_segments_only_who_has_all_records_keeps_them() {
        var forgotten = forgotten(BASES, 12);
        assertThat(place(forgotten, 4, 12)).isEqualTo(new Placement.After(12));
        assertThat(place(forgotten, 4, 11)).isEqualTo(new Placement.Replaced());
        assertThat(place(forgotten, 1, 9)).isEqualTo(new Placement.Replaced());
        assertThat(place(forgotten, 3, 9)).isEqualTo(new Placement.Replaced());
        assertThat(Positions.place(Cursor.end(RUN, 4), forgotten)).isEqualTo(new Placement.Finished());
    }

    @Test
    void a_reader_without_segments_places_as_its_snapshot_does() {
        var forgotten = forgotten(BASES, 12);
        var reader = new RunReader(RUN);
        reader.onSnapshot(forgotten);
        for (int idx = 0; idx <= 13; idx++) {
            for (long epoch = 1; epoch <= 5; epoch++) {
                var cursor = new Cursor(RUN, epoch, idx);
                assertThat(Positions.place(cursor, reader, forgotten.terminal()))
                        .isEqualTo(Positions.place(cursor, forgotten));
            }
        }
        assertThat(Positions.place(new Cursor(RUN, 4, 12), reader, Optional.empty()))
                .isEqualTo(new Placement.Ahead(12));
    }

    private static Placement place(RunSnapshot snapshot, long epoch, int idx) {
        return Positions.place(new Cursor(RUN, epoch, idx), snapshot);
    }
}
