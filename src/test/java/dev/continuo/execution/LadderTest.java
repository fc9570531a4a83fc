package dev.continuo.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.execution.Ladder.Rung;
import dev.continuo.log.Chunks;
import dev.continuo.log.LogRecord;
import dev.continuo.model.Usage;
import dev.continuo.run.OnTakeover;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LadderTest {
    private static final RunSoFar NOTHING = RunSoFar.of(List.of());
    private static final RunSoFar HALF = ended(Chunks.textDelta("t1", "half").json(), new byte[0]);
    private static final RunSoFar WHOLE =
            ended(Chunks.finishStep().json(), Chunks.finalMeta("stop", Usages.json(Usage.NONE)));

    @ParameterizedTest
    @EnumSource
    void a_complete_log_is_finished_whatever_was_wished_and_however_often_it_was_tried(OnTakeover wish) {
        assertThat(Ladder.rung(WHOLE, 9, wish)).isEqualTo(new Rung.Complete("stop"));
    }

    @ParameterizedTest
    @EnumSource
    void a_fourth_attempt_is_one_too_many(OnTakeover wish) {
        assertThat(Ladder.rung(HALF, 4, wish)).isEqualTo(new Rung.Fail(Failures.of("attempts_exhausted")));
        assertThat(Ladder.rung(NOTHING, 4, wish)).isEqualTo(new Rung.Fail(Failures.of("attempts_exhausted")));
    }

    @ParameterizedTest
    @EnumSource
    void an_empty_log_is_just_begun(OnTakeover wish) {
        assertThat(Ladder.rung(NOTHING, 3, wish)).isEqualTo(new Rung.GoOn());
    }

    @Test
    void what_becomes_of_half_an_answer_is_the_wish_of_its_sender() {
        assertThat(Ladder.rung(HALF, 3, OnTakeover.CONTINUE)).isEqualTo(new Rung.GoOn());
        assertThat(Ladder.rung(HALF, 3, OnTakeover.RESTART)).isEqualTo(new Rung.BeginAnew());
        assertThat(Ladder.rung(HALF, 3, OnTakeover.FAIL)).isEqualTo(new Rung.Fail(Failures.of("owner_lost")));
    }

    @ParameterizedTest
    @EnumSource
    void between_two_steps_nothing_is_half_said_whatever_was_wished(OnTakeover wish) {
        var between = ended(Chunks.finishStep().json(), Chunks.stepMeta("tool-calls", Usages.json(Usage.NONE)));
        assertThat(Ladder.rung(between, 3, wish)).isEqualTo(new Rung.GoOn());
        assertThat(Ladder.rung(between, 4, wish)).isEqualTo(new Rung.Fail(Failures.of("attempts_exhausted")));
    }

    private static RunSoFar ended(byte[] chunk, byte[] meta) {
        return RunSoFar.of(List.of(new LogRecord(6, 1, Chunks.startStep().json()), new LogRecord(7, 1, chunk, meta)));
    }
}
