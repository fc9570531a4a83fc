package dev.continuo.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.continuo.web.Problem;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CallerTest {
    private static final UUID ORG = UUID.randomUUID();

    @Test
    void only_an_admin_reads_what_others_wrote() {
        assertThat(caller(Role.ADMIN).readsAll()).isTrue();
        assertThat(caller(Role.MEMBER).readsAll()).isFalse();
        assertThat(caller(Role.VIEWER).readsAll()).isFalse();
    }

    @Test
    void it_is_what_the_security_context_holds() {
        var caller = caller(Role.MEMBER);
        assertThat(Caller.of(new CallerContext(caller, false))).isSameAs(caller);
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> Caller.of(new CallerContext(null, false)))
                .satisfies(p -> assertThat(p.status()).isEqualTo(401));
    }

    @Test
    void a_caller_has_a_subject() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Caller(ORG, " ", Role.MEMBER, Set.of(Scope.CHAT), Optional.empty()));
    }

    @Test
    void a_secret_does_not_show_itself() {
        var secret = Secret.random("ck_");
        assertThat(secret.text()).startsWith("ck_").hasSize(46);
        assertThat(secret.toString()).doesNotContain(secret.text());
        assertThat(secret.hash()).hasSize(32).isNotEqualTo(Secret.random("ck_").hash());
    }

    private static Caller caller(Role role) {
        return new Caller(ORG, "anna", role, Set.of(Scope.CHAT), Optional.empty());
    }
}
