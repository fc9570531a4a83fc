package dev.continuo.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {
    @ParameterizedTest
    @ValueSource(strings = {"*", ">", "a.b", "../x", "..%2f", "a b", "a\r\nb", "a\u0000", "ä", "", "%2e", "a/b", "a\n"})
    void what_could_mean_something_elsewhere_is_no_id(String id) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> Ids.checked(id))
                .satisfies(p -> assertThat(p.code()).isEqualTo("bad_id"));
    }

    @Test
    void length_is_1_to_128() {
        assertThat(Ids.checked("a".repeat(128))).hasSize(128);
        assertThatExceptionOfType(Problem.class).isThrownBy(() -> Ids.checked("a".repeat(129)));
        assertThatExceptionOfType(Problem.class).isThrownBy(() -> Ids.checked(null));
    }

    @Test
    void only_canonical_uuids_are_ours() {
        var id = UUID.randomUUID();
        assertThat(Ids.ours(id.toString())).contains(id);
        assertThat(Ids.ours("1-1-1-1-1")).isEmpty();
        assertThat(Ids.ours("thread_7")).isEmpty();
    }
}
