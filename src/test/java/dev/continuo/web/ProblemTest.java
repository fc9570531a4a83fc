package dev.continuo.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProblemTest {
    @Test
    void a_problem_says_status_code_place_and_what_to_do() {
        var problem = Problem.of(400, "bad_value", "Use another.").at("message.id");
        assertThat(problem.members())
                .containsExactly(
                        entry("type", "about:blank"),
                        entry("title", "Bad Request"),
                        entry("status", 400),
                        entry("code", "bad_value"),
                        entry("detail", "Use another."),
                        entry("field", "message.id"));
    }

    @Test
    void retry_after_is_whole_seconds_and_never_zero() {
        assertThat(Problem.of(429, "x", "y").retryAfterSeconds()).isEmpty();
        assertThat(Problem.of(429, "x", "y").retryAfter(Duration.ofMillis(1)).retryAfterSeconds())
                .contains(1L);
        assertThat(Problem.of(429, "x", "y").retryAfter(Duration.ofMillis(1001)).retryAfterSeconds())
                .contains(2L);
        assertThat(Problem.unavailable().retryAfterSeconds()).isPresent();
        assertThat(Problem.unavailable().detail()).contains("the same key");
    }

    @Test
    void a_success_is_no_problem() {
        assertThatIllegalArgumentException().isThrownBy(() -> Problem.of(200, "x", "y"));
    }
}
