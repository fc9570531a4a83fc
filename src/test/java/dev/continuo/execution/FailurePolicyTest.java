package dev.continuo.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.continuo.execution.FailurePolicy.Decision;
import dev.continuo.model.ModelException;
import dev.continuo.model.ModelException.Kind;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FailurePolicyTest {
    private final FailurePolicy policy = new FailurePolicy(new BackOff(RandomGenerator.of("L64X128MixRandom")));

    @Test
    void a_full_provider_is_waited_for_without_costing_an_attempt() {
        var decision = policy.decide(failure(Kind.RATE_LIMITED, false, Duration.ofSeconds(7)), 3, 0, Duration.ZERO);
        assertThat(decision).isInstanceOf(Decision.Wait.class);
        assertThat(((Decision.Wait) decision).delay()).isBetween(Duration.ofSeconds(7), Duration.ofSeconds(8));
    }

    @Test
    void waiting_ends_after_ten_tries_or_fifteen_minutes() {
        var failure = failure(Kind.UNAVAILABLE, false, Duration.ZERO);
        assertThat(policy.decide(failure, 1, 8, Duration.ZERO)).isInstanceOf(Decision.Wait.class);
        assertThat(policy.decide(failure, 1, 9, Duration.ZERO)).isEqualTo(new Decision.Fail("code"));
        assertThat(policy.decide(failure, 1, 1, Duration.ofMinutes(15))).isEqualTo(new Decision.Fail("code"));
    }

    @Test
    void without_room_for_its_files_a_run_waits_longer_each_time_and_fifteen_minutes_in_all() {
        assertThat(policy.withoutRoom(Duration.ZERO))
                .isInstanceOfSatisfying(Decision.Wait.class, first -> assertThat(first.delay())
                        .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(6)));
        assertThat(policy.withoutRoom(Duration.ofMinutes(2)))
                .isInstanceOfSatisfying(Decision.Wait.class, later -> assertThat(later.delay())
                        .isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30)));
        assertThat(policy.withoutRoom(Duration.ofMinutes(15))).isEqualTo(new Decision.Fail("no_room"));
    }

    @ParameterizedTest
    @EnumSource(names = {"NO_FIRST_BYTE", "STALLED", "RESET", "NO_FINISH_REASON", "MALFORMED"})
    void a_broken_stream_is_asked_again_at_most_twice(Kind kind) {
        var failure = failure(kind, true, Duration.ZERO);
        assertThat(policy.decide(failure, 1, 0, Duration.ZERO)).isEqualTo(new Decision.CallAgain());
        assertThat(policy.decide(failure, 2, 0, Duration.ZERO)).isEqualTo(new Decision.CallAgain());
        assertThat(policy.decide(failure, 3, 0, Duration.ZERO)).isEqualTo(new Decision.Fail("attempts_exhausted"));
    }

    @Test
    void an_error_in_the_middle_of_a_stream_costs_an_attempt_whatever_it_says() {
        assertThat(policy.decide(failure(Kind.RATE_LIMITED, true, Duration.ZERO), 1, 0, Duration.ZERO))
                .isEqualTo(new Decision.CallAgain());
    }

    @Test
    void what_another_call_cannot_mend_is_final() {
        assertThat(policy.decide(failure(Kind.REJECTED, false, Duration.ZERO), 1, 0, Duration.ZERO))
                .isEqualTo(new Decision.Fail("code"));
        assertThat(policy.decide(failure(Kind.TOO_LONG, true, Duration.ZERO), 1, 0, Duration.ZERO))
                .isEqualTo(new Decision.Fail("code"));
    }

    @Test
    void an_aborted_call_is_nobodys_failure() {
        assertThatThrownBy(() -> policy.decide(failure(Kind.ABORTED, true, Duration.ZERO), 1, 0, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static ModelException failure(Kind kind, boolean afterFirstToken, Duration retryAfter) {
        return new ModelException(kind, afterFirstToken, "code", "said in a test", Optional.of(retryAfter), null);
    }
}
