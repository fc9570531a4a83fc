package dev.continuo.identity;

import dev.continuo.web.Problem;
import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The authenticated sender of a request. Present in every request below {@code /api}; what it owns is decided by the
 * organisation and the subject, in the SQL of each query.
 *
 * @param keyId empty for the key from the configuration, and for tokens
 * @param until when the key or token expires; streams end then
 */
public record Caller(
        UUID org, String subject, Role role, Set<Scope> scopes, Optional<UUID> keyId, Optional<Instant> until)
        implements Principal {
    public Caller {
        Objects.requireNonNull(org);
        Objects.requireNonNull(role);
        if (subject.isBlank()) {
            throw new IllegalArgumentException("a caller has a subject");
        }
        scopes = Set.copyOf(scopes);
    }

    /** With what does not expire. */
    public Caller(UUID org, String subject, Role role, Set<Scope> scopes, Optional<UUID> keyId) {
        this(org, subject, role, scopes, keyId, Optional.empty());
    }

    public static Caller of(SecurityContext security) {
        if (security.getUserPrincipal() instanceof Caller caller) {
            return caller;
        }
        throw Problem.of(401, "unauthenticated", Refusals.HOW);
    }

    /** Whether this is the key of the configuration, the only one that may reach into other organisations. */
    boolean isConfigured() {
        return keyId.isEmpty() && until.isEmpty();
    }

    /** Whether other members' threads are visible too. */
    public boolean readsAll() {
        return role == Role.ADMIN;
    }

    public boolean has(Scope scope) {
        return scopes.contains(scope);
    }

    @Override
    public String getName() {
        return subject;
    }
}
