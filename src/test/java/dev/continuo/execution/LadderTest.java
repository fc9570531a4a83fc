package dev.continuo.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.execution.Ladder.Rung;
import dev.continuo.log.Chunks;
import dev.continuo.log.LogRecord;
import dev.continuo.model.Usage;
import dev.continuo.run.OnTakeover;
import dev.continuo.run.RunState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LadderTest {
    private static final Opened NOTHING = new Opened(0, List.of(), 0, false);
    private static final Opened HALF = opened(Chunks.textDelta("t1", "half").json(), new byte[0]);
    private static final Opened WHOLE =
            opened(Chunks.finishStep().json(), Chunks.finalMeta("stop", Usages.json(Usage.NONE)));

    @ParameterizedTest
    @EnumSource
    void a_complete_log_is_finished_whatever_was_wished_and_however_often_it_was_tried(OnTakeover wish) {
        var finish = (Rung.Finish) Ladder.rung(WHOLE, 9, wish);
        assertThat(finish.outcome().state()).isEqualTo(RunState.COMPLETED);
    }

    @ParameterizedTest
    @EnumSource
    void a_fourth_attempt_is_one_too_many(OnTakeover wish) {
        assertThat(Ladder.rung(HALF, 4, wish)).isEqualTo(new Rung.Finish(Failures.of("attempts_exhausted")));
        assertThat(Ladder.rung(NOTHING, 4, wish)).isEqualTo(new Rung.Finish(Failures.of("attempts_exhausted")));
    }

    @ParameterizedTest
    @EnumSource
    void an_empty_log_is_just_begun(OnTakeover wish) {
        assertThat(Ladder.rung(NOTHING, 3, wish)).isEqualTo(new Rung.Ask());
    }

    @Test
    void what_becomes_of_half_an_answer_is_the_wish_of_its_sender() {
        assertThat(Ladder.rung(HALF, 3, OnTakeover.CONTINUE)).isEqualTo(new Rung.Ask());
        assertThat(Ladder.rung(HALF, 3, OnTakeover.RESTART)).isEqualTo(new Rung.BeginAnew());
        assertThat(Ladder.rung(HALF, 3, OnTakeover.FAIL)).isEqualTo(new Rung.Finish(Failures.of("owner_lost")));
    }

    private static Opened opened(byte[] chunk, byte[] meta) {
        return new Opened(7, List.of(new LogRecord(7, 1, chunk, meta)), 0, false);
    }
}
