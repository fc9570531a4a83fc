package dev.continuo.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The model check of {@link WatcherModelTest} with the number of schedules that a release has to survive. */
class WatcherModelIT {
    private static final int SCHEDULES = Integer.getInteger("continuo.model.schedules", 20_000);

    @Test
    void no_schedule_breaks_a_promise() {
        assertThat(WatcherModelTest.violations(WatcherModelTest.SEED + 1_000_000, SCHEDULES, new WatcherModel.Tally()))
                .as("seed of a failing schedule → what broke")
                .isEmpty();
    }
}
