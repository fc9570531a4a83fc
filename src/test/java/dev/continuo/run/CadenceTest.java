package dev.continuo.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CadenceTest {
    private static Cadence of(int lease, int renewal, int probeAge, int reapScan) {
        return new Cadence(
                Duration.ofMillis(lease),
                Duration.ofMillis(renewal),
                Duration.ofMillis(probeAge),
                Duration.ofMillis(reapScan));
    }

    @Test
    void the_figures_of_the_schema_are_fine() {
        assertThat(of(6000, 1500, 2000, 1000).objection()).isEmpty();
    }

    @Test
    void a_lease_that_one_lost_beat_could_end_is_objected_to() {
        assertThat(of(4000, 1500, 2000, 1000).objection())
                .hasValueSatisfying(why -> assertThat(why).contains("settings.lease", "PT4S", "three times"));
    }

    @Test
    void a_probe_that_is_quicker_than_the_beat_is_objected_to() {
        assertThat(of(6000, 1500, 1500, 1000).objection())
                .hasValueSatisfying(why -> assertThat(why).contains("settings.probe_age"));
    }

    @Test
    void a_period_of_nothing_is_no_busy_loop() {
        assertThat(of(6000, 0, 2000, 0)).isEqualTo(of(6000, 50, 2000, 50));
    }
}
