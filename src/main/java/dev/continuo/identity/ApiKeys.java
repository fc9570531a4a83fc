package dev.continuo.identity;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * API keys: made, shown once, recognised by their SHA-256, revoked. A node remembers a good key for
 * {@code continuo.key-cache}, so a revocation is felt everywhere after that at the latest, and at once on its own node.
 */
@Singleton
public class ApiKeys {
    static final String PREFIX = "ck_";

    private static final int REMEMBERED = 10_000;

    /** What a new key is to be. */
    public record NewKey(String name, String subject, Role role, Set<Scope> scopes, Optional<Instant> expiresAt) {
        public NewKey {
            scopes = Set.copyOf(scopes);
        }
    }

    /** A new key in the only moment in which it can be read. */
    record Made(UUID id, Secret key) {}

    private record Remembered(Caller caller, Instant until) {}

    private final KeyStore keys;
    private final KeySteps steps;
    private final Organisations organisations;
    private final Clock clock;
    private final Duration cache;
    private final Optional<byte[]> bootstrap;
    private final ConcurrentHashMap<String, Remembered> remembered = new ConcurrentHashMap<>();
    private volatile boolean defaultExists;

    @Inject
    ApiKeys(
            KeyStore keys,
            KeySteps steps,
            Organisations organisations,
            Clock clock,
            @ConfigProperty(name = "continuo.key-cache") Duration cache,
            @ConfigProperty(name = "continuo.bootstrap-key") Optional<String> bootstrap) {
        this.keys = keys;
        this.steps = steps;
        this.organisations = organisations;
        this.clock = clock;
        this.cache = cache;
        this.bootstrap = bootstrap.map(ApiKeys::checked).map(Secret::hash);
    }

    /** Who holds this key; empty where it is unknown, expired or revoked. */
    Optional<Caller> callerOf(Secret key) {
        var hash = key.hash();
        if (bootstrap.isPresent() && MessageDigest.isEqual(bootstrap.get(), hash)) {
            return Optional.of(administrator());
        }
        var name = HexFormat.of().formatHex(hash);
        var now = clock.instant();
        var known = remembered.get(name);
        if (known != null && now.isBefore(known.until())) {
            return Optional.of(known.caller());
        }
        remembered.remove(name);
        var found = keys.callerOf(hash);
        found.ifPresent(caller -> remember(name, caller, now));
        return found;
    }

    /** Whether whoever came with a key some time ago could still come with it; for streams, which live long. */
    public boolean stillGood(Caller caller) {
        return caller.until().map(clock.instant()::isBefore).orElse(true)
                && caller.keyId().map(keys::isGood).orElse(true);
    }

    Made create(UUID org, NewKey made, Audit.By by) {
        var secret = Secret.random(PREFIX);
        var id = UUID.randomUUID();
        steps.create(org, id, secret.hash(), made, by);
        return new Made(id, secret);
    }

    Made create(String organisation, NewKey made, Audit.By by) {
        var secret = Secret.random(PREFIX);
        var id = UUID.randomUUID();
        steps.create(organisation, id, secret.hash(), made, by);
        return new Made(id, secret);
    }

    boolean revoke(UUID org, UUID key, Audit.By by) {
        boolean known = steps.revoke(org, key, by);
        remembered.values().removeIf(r -> r.caller().keyId().filter(key::equals).isPresent());
        return known;
    }

    List<KeyView> of(UUID org) {
        return keys.of(org);
    }

    private Caller administrator() {
        if (!defaultExists) {
            organisations.ensure(Organisations.DEFAULT);
            defaultExists = true;
        }
        return new Caller(
                Organisations.idOf(Organisations.DEFAULT),
                "admin",
                Role.ADMIN,
                EnumSet.allOf(Scope.class),
                Optional.empty());
    }

    private void remember(String name, Caller caller, Instant now) {
        if (remembered.size() >= REMEMBERED) {
            remembered.values().removeIf(r -> !now.isBefore(r.until()));
        }
        if (remembered.size() < REMEMBERED) {
            remembered.put(name, new Remembered(caller, now.plus(cache)));
        }
    }

    private static Secret checked(String key) {
        if (!key.startsWith(PREFIX) || key.length() < 20) {
            throw new IllegalArgumentException(
                    "continuo.bootstrap-key must start with ck_ and have at least 20 characters; make one with: "
                            + "echo ck_$(openssl rand -hex 32)");
        }
        return new Secret(key);
    }
}
