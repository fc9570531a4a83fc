package dev.continuo.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.continuo.bench.ScaleSimulation.Load;
import org.junit.jupiter.api.Test;

class ScaleSimulationTest {
    @Test
    void with_room_enough_every_word_travels_alone_and_takes_what_its_two_steps_take() {
        var result = ScaleSimulation.play(new Load(10, 10, 2, 1), 2);

        assertThat(result.wordsPerMessage()).isEqualTo(1);
        assertThat(result.medianMs()).isCloseTo(0.3, within(0.02));
        assertThat(result.leader()).isCloseTo(10 * 20 * 10.1e-6, within(1e-4));
    }

    @Test
    void behind_its_leader_words_travel_together_and_wait_for_one_round_of_all_runs() {
        var result = ScaleSimulation.play(new Load(20_000, 2_000, 2, 1), 6);

        // A round takes 20,000 messages, and a message the words of a round: r = 20,000 (10 + 0.1 r / 50,000) µs.
        double round = 20_000 * 10 / (1 - 20_000 * 0.1 / 50_000) / 1e3;
        assertThat(result.leader()).isGreaterThan(0.99);
        assertThat(result.wordsPerMessage()).isCloseTo(round / 50, within(0.2));
        assertThat(result.medianMs()).isCloseTo(1.5 * round, within(0.1 * round));
    }

    @Test
    void cells_share_a_load() {
        var one = ScaleSimulation.play(new Load(20_000, 200, 2, 1), 2);
        var ten = ScaleSimulation.play(new Load(20_000, 200, 2, 10), 2);

        assertThat(ten.medianMs()).isLessThan(one.medianMs() / 10);
    }
}
