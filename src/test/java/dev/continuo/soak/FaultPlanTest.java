package dev.continuo.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FaultPlanTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration PACE = Duration.ofMillis(1_700);

    @Test
    void a_seed_is_a_plan() {
        assertThat(FaultPlan.of(7, 3, HOUR, PACE)).isEqualTo(FaultPlan.of(7, 3, HOUR, PACE));
        assertThat(FaultPlan.of(7, 3, HOUR, PACE)).isNotEqualTo(FaultPlan.of(8, 3, HOUR, PACE));
    }

    @Test
    void an_hour_has_more_than_a_thousand_faults_of_every_kind() {
        var faults = FaultPlan.of(1, 3, HOUR, PACE).faults();
        assertThat(faults).hasSizeGreaterThan(1_000);
        assertThat(faults.stream().map(FaultPlan.Planned::kind).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(FaultKind.values());
    }

    @Test
    void never_are_two_nodes_of_no_use_at_once() {
        for (long seed = 0; seed < 20; seed++) {
            Duration free = Duration.ZERO;
            for (var fault : FaultPlan.of(seed, 3, HOUR, PACE).faults()) {
                if (fault.kind().disables()) {
                    assertThat(fault.at()).isGreaterThanOrEqualTo(free);
                    free = fault.until();
                }
            }
        }
    }

    @Test
    void a_part_of_the_time_is_calm() {
        var faults = FaultPlan.of(1, 3, HOUR, PACE).faults();
        Duration calm = Duration.ZERO;
        for (int i = 1; i < faults.size(); i++) {
            Duration gap = faults.get(i).at().minus(faults.get(i - 1).at());
            calm = gap.compareTo(Duration.ofSeconds(8)) > 0 ? calm.plus(gap) : calm;
        }
        assertThat(calm).isBetween(HOUR.dividedBy(8), HOUR.dividedBy(2));
    }
}
