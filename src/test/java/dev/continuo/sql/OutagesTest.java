package dev.continuo.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutagesTest {
    @ParameterizedTest(name = "SQLSTATE {0}: {1}")
    @CsvSource({
        "08006,true",
        "57P01,true",
        "53300,true",
        "53100,true",
        "25006,true",
        "55P03,true",
        "40001,true",
        "23505,false",
        "42601,false",
        "22P02,false",
    })
    void the_state_says_whether_trying_again_helps(String state, boolean outage) {
        assertThat(Outages.isOne(new IllegalStateException(new SQLException("x", state))))
                .isEqualTo(outage);
    }

    @Test
    void a_refused_connection_is_an_outage_and_a_bug_is_not() {
        assertThat(Outages.isOne(new RuntimeException(new ConnectException()))).isTrue();
        assertThat(Outages.isOne(new NullPointerException())).isFalse();
    }

    @ParameterizedTest(name = "SQLSTATE {0}: {1}")
    @CsvSource({"23505,true", "22P02,true", "08006,false", "40001,false", "42601,false", "XX000,false"})
    void a_refusal_stays_one(String state, boolean refusal) {
        assertThat(Outages.isRefusal(new IllegalStateException(new SQLException("x", state))))
                .isEqualTo(refusal);
    }

    @Test
    void without_a_state_nobody_was_asked() {
        var silent = new RuntimeException(new SQLException("the pool is closed"));
        assertThat(Outages.isOne(silent)).isTrue();
        assertThat(Outages.isRefusal(silent)).isFalse();
        assertThat(Outages.isRefusal(new NullPointerException())).isFalse();
    }
}
