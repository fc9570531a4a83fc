package dev.continuo.log;

import static dev.continuo.log.Logs.MINE;
import static dev.continuo.log.Logs.OTHER;
import static dev.continuo.log.Logs.base;
import static dev.continuo.log.Logs.batch;
import static dev.continuo.log.Logs.marker;
import static dev.continuo.log.Logs.records;
import static dev.continuo.log.Logs.running;
import static dev.continuo.log.Logs.segment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.log.LiveMessage.Delivered;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class OpenFoldTest {
    private final RunSnapshot snapshot = running(
            List.of(base(1, 0, OTHER), base(2, 2, MINE)), segment(1, 1, 2), segment(2, 3, 4, OptionalLong.of(9)));

    @Test
    void what_was_shown_but_not_committed_is_adopted() {
        var adoption = OpenFold.fold(
                snapshot,
                List.of(
                        new Delivered(10, marker(2, MINE, 2)),
                        new Delivered(11, batch(2, MINE, 4, 5)),
                        new Delivered(12, batch(1, OTHER, 6, 9)),
                        new Delivered(13, batch(2, MINE, 6, 6))));

        assertThat(adoption)
                .isEqualTo(new Adoption(6, records(2, 5, 6), OptionalLong.of(11), OptionalInt.of(9), false, 13));
        assertThat(adoption.segment().orElseThrow().first()).isEqualTo(5);
    }

    @Test
    void nothing_is_adopted_over_a_hole() {
        assertThat(OpenFold.fold(snapshot, List.of(new Delivered(12, batch(2, MINE, 6, 7)))))
                .isEqualTo(new Adoption(4, List.of(), OptionalLong.empty(), OptionalInt.of(7), false, 12));
    }

    @Test
    void another_claim_of_the_same_epoch_was_never_shown() {
        assertThat(OpenFold.fold(snapshot, List.of(new Delivered(12, batch(2, OTHER, 5, 7))))
                        .records())
                .isEmpty();
    }

    @Test
    void a_store_that_begins_again_has_forgotten_what_it_showed() {
        assertThat(OpenFold.fold(snapshot, List.of(new Delivered(3, batch(2, MINE, 5, 5))))
                        .voidedUnknown())
                .isTrue();
    }

    @Test
    void an_empty_subject_leaves_the_marker_the_sequence_of_the_last_segment() {
        assertThat(OpenFold.fold(snapshot, List.of()))
                .isEqualTo(new Adoption(4, List.of(), OptionalLong.empty(), OptionalInt.empty(), false, 9));
        assertThat(OpenFold.withoutBus(snapshot).voidedUnknown()).isTrue();
    }
}
