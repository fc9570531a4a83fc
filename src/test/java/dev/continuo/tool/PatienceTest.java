package dev.continuo.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.ConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatienceTest {
    private int asked;

    private String ask(Iterator<RuntimeException> failures) throws InterruptedException {
        return Patience.untilAnswered(UUID.randomUUID(), () -> {
            asked++;
            if (failures.hasNext()) {
                throw failures.next();
            }
            return "answered";
        });
    }

    private static RuntimeException failure(String state) {
        return new ConnectionException(new SQLException("no", state));
    }

    @Test
    void a_database_that_is_away_is_asked_again_until_it_answers() throws InterruptedException {
        assertThat(ask(List.of(failure("08006"), failure(null), failure("28P01"))
                        .iterator()))
                .isEqualTo("answered");
        assertThat(asked).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"22021", "23505", "42P01"})
    void what_will_never_be_taken_is_asked_once(String state) {
        var failure = failure(state);
        assertThatThrownBy(() -> ask(List.of(failure).iterator())).isSameAs(failure);
        assertThat(asked).isEqualTo(1);
    }

    @Test
    void a_mistake_of_ours_is_no_outage() {
        var mistake = new IllegalStateException("ours");
        assertThatThrownBy(() -> ask(List.<RuntimeException>of(mistake).iterator()))
                .isSameAs(mistake);
        assertThat(asked).isEqualTo(1);
    }

    @Test
    void who_is_interrupted_waits_no_longer() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> ask(List.of(failure("08006")).iterator())).isInstanceOf(InterruptedException.class);
        assertThat(asked).isEqualTo(1);
    }
}
