package dev.continuo.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import org.junit.jupiter.api.Test;

class MutantWarTest {
    /** What is changed here. */
    static final class Least {
        int of(int a, int b) {
            return Math.min(a, b);
        }
    }

    @Test
    void a_method_is_replaced_and_nothing_else() throws IOException, ReflectiveOperationException {
        byte[] mutant =
                MutantWar.replaced(classFile(), "of", code -> code.iload(1).ireturn());
        var least = MethodHandles.lookup().defineHiddenClass(mutant, true).lookupClass();
        var made = least.getDeclaredConstructor();
        var of = least.getDeclaredMethod("of", int.class, int.class);
        assertThat(of.invoke(made.newInstance(), 7, 3)).isEqualTo(7);
        assertThat(new Least().of(7, 3)).isEqualTo(3);
    }

    @Test
    void a_method_that_went_is_missed() {
        assertThatThrownBy(() -> MutantWar.replaced(classFile(), "gone", code -> code.return_()))
                .hasMessageContaining("gone");
    }

    private static byte[] classFile() throws IOException {
        try (var in = Least.class.getResourceAsStream("MutantWarTest$Least.class")) {
            return in.readAllBytes();
        }
    }
}
