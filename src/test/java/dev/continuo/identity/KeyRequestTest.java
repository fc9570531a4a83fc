package dev.continuo.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.continuo.web.Problem;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class KeyRequestTest {
    private static final Caller ADMIN = caller(Role.ADMIN, EnumSet.allOf(Scope.class), Optional.of(UUID.randomUUID()));
    private static final InstantSource NOW = InstantSource.fixed(Instant.parse("2030-01-01T00:00:00Z"));
    private static final Caller MEMBER =
            caller(Role.MEMBER, EnumSet.of(Scope.CHAT, Scope.KEYS), Optional.of(UUID.randomUUID()));

    @Test
    void what_is_left_out_is_as_small_as_can_be() {
        assertThat(new KeyRequest("ci", null, null, null, null, null).checked(ADMIN, NOW))
                .isEqualTo(new ApiKeys.NewKey("ci", "anna", Role.MEMBER, Set.of(Scope.CHAT), Optional.empty()));
    }

    @Test
    void nobody_grants_more_than_they_have() {
        assertThat(refusal(MEMBER, new KeyRequest("k", null, "admin", null, null, null)))
                .isEqualTo("beyond_own_rights");
        assertThat(refusal(MEMBER, new KeyRequest("k", "bert", null, null, null, null)))
                .isEqualTo("beyond_own_rights");
        assertThat(refusal(MEMBER, new KeyRequest("k", null, null, List.of("ops"), null, null)))
                .isEqualTo("beyond_own_rights");
        assertThat(refusal(ADMIN, new KeyRequest("k", null, null, null, null, "other")))
                .isEqualTo("beyond_own_rights");
    }

    @Test
    void wrong_values_are_named() {
        assertThat(refusal(ADMIN, new KeyRequest(" ", null, null, null, null, null)))
                .isEqualTo("bad_value name");
        assertThat(refusal(ADMIN, new KeyRequest("k", null, "king", null, null, null)))
                .isEqualTo("bad_value role");
        assertThat(refusal(ADMIN, new KeyRequest("k", null, null, List.of(), null, null)))
                .isEqualTo("bad_value scopes");
        assertThat(refusal(ADMIN, new KeyRequest("k", null, null, List.of("all"), null, null)))
                .isEqualTo("bad_value scopes");
        assertThat(refusal(ADMIN, new KeyRequest("k", null, null, null, "tomorrow", null)))
                .isEqualTo("bad_value expiresAt");
        assertThat(refusal(ADMIN, new KeyRequest("k", null, null, null, "2030-01-01T00:00:00Z", null)))
                .isEqualTo("bad_value expiresAt");
        assertThat(refusal(ADMIN, new KeyRequest("k\ud800", null, null, null, null, null)))
                .isEqualTo("bad_value name");
    }

    private static String refusal(Caller caller, KeyRequest body) {
        var problem = catchThrowableOfType(Problem.class, () -> body.checked(caller, NOW));
        return problem.field().map(f -> problem.code() + " " + f).orElse(problem.code());
    }

    private static Caller caller(Role role, Set<Scope> scopes, Optional<UUID> key) {
        return new Caller(UUID.randomUUID(), "anna", role, scopes, key);
    }
}
