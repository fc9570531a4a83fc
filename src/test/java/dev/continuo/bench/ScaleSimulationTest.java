package dev.continuo.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.continuo.bench.ScaleSimulation.Load;
import org.junit.jupiter.api.Test;

class ScaleSimulationTest {
    @Test
    void with_room_enough_every_word_travels_alone_and_takes_what_its_two_steps_take() {
        var result = ScaleSimulation.play(new Load(10, 10, 2, 1), 2);

        assertThat(result.chunksPerMessage()).isEqualTo(1);
        assertThat(result.medianMs()).isCloseTo(0.3, within(0.02));
        assertThat(result.leader()).isCloseTo(10 * 20 * 10.1e-6, within(1e-4));
    }

    @Test
    void behind_its_leader_words_travel_together_and_wait_for_one_round_of_all_runs() {
        var result = ScaleSimulation.play(new Load(20_000, 2_000, 2, 1), 3);

        assertThat(result.leader()).isGreaterThan(0.95);
        assertThat(result.chunksPerMessage()).isGreaterThan(3);
        assertThat(result.p99Ms()).isLessThan(3 * 20_000 * 10.5e-3);
    }

    @Test
    void cells_share_a_load() {
        var one = ScaleSimulation.play(new Load(20_000, 200, 2, 1), 2);
        var ten = ScaleSimulation.play(new Load(20_000, 200, 2, 10), 2);

        assertThat(ten.medianMs()).isLessThan(one.medianMs() / 10);
    }
}
