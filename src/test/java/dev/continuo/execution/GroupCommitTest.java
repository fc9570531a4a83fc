package dev.continuo.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupCommitTest {
    @ParameterizedTest(name = "after {0} ms it gathers for {1} ms")
    @CsvSource({"0, 50", "5, 50", "12, 50", "13, 52", "40, 160", "125, 500", "126, 500", "30000, 500"})
    void transactions_fill_a_fifth_of_the_time_at_most_and_a_segment_waits_half_a_second_at_most(
            int took, int gathers) {
        assertThat(GroupCommit.gather(Duration.ofMillis(took))).isEqualTo(Duration.ofMillis(gathers));
    }
}
