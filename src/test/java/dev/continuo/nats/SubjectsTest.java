package dev.continuo.nats;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SubjectsTest {
    @Test
    void subjects_are_made_of_uuids_only() {
        var methods = Arrays.stream(Subjects.class.getDeclaredMethods())
                .filter(m -> !Modifier.isPrivate(m.getModifiers()))
                .toList();
        assertThat(methods).isNotEmpty().allSatisfy(m -> assertThat(m.getParameterTypes())
                .containsOnly(UUID.class));
    }

    @Test
    void each_id_is_one_token() {
        var thread = UUID.randomUUID();
        var run = UUID.randomUUID();
        assertThat(Subjects.log(thread, run)).isEqualTo("continuo.log." + thread + "." + run);
        assertThat(Subjects.live(thread, run).split("\\.")).hasSize(4);
    }
}
