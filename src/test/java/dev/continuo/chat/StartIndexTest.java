package dev.continuo.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.continuo.web.Problem;
import org.junit.jupiter.api.Test;

class StartIndexTest {
    @Test
    void a_negative_number_counts_from_the_tail_and_never_before_the_start() {
        assertThat(StartIndex.parse("-3").orElseThrow().after(10)).isEqualTo(7);
        assertThat(StartIndex.parse("-30").orElseThrow().after(10)).isZero();
        assertThat(StartIndex.parse("4").orElseThrow().after(10)).isEqualTo(4);
        assertThat(StartIndex.parse(null)).isEmpty();
    }

    @Test
    void anything_else_is_refused() {
        assertThatThrownBy(() -> StartIndex.parse("4x")).isInstanceOf(Problem.class);
    }
}
