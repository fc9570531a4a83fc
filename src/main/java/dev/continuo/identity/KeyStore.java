package dev.continuo.identity;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** The table of API keys. */
@Singleton
class KeyStore {
    private final Jdbi jdbi;

    @Inject
    KeyStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    Optional<Caller> callerOf(byte[] hash) {
        return jdbi.withHandle(h -> h.createQuery("""
                        select key_id, org_id, hash, subject, role, scopes, expires_at as until
                        from api_keys
                        where hash = :hash and revoked_at is null
                          and (expires_at is null or expires_at > clock_timestamp())
                        """)
                        .bind("hash", hash)
                        .map((r, c) -> new Found(r.getBytes("hash"), caller(r)))
                        .findOne())
                .filter(found -> MessageDigest.isEqual(found.hash(), hash))
                .map(Found::caller);
    }

    void insert(UUID org, UUID key, byte[] hash, ApiKeys.NewKey made) {
        jdbi.useHandle(h -> h.createUpdate("""
                        insert into api_keys (key_id, org_id, hash, name, subject, role, scopes, expires_at)
                        values (:key, :org, :hash, :name, :subject, :role, string_to_array(:scopes, ','),
                          cast(:expires as timestamptz))
                        """)
                .bind("key", key)
                .bind("org", org)
                .bind("hash", hash)
                .bind("name", made.name())
                .bind("subject", made.subject())
                .bind("role", made.role().apiName())
                .bind("scopes", Scope.list(made.scopes()))
                .bind(
                        "expires",
                        made.expiresAt().map(at -> at.atOffset(ZoneOffset.UTC)).orElse(null))
                .execute());
    }

    List<KeyView> of(UUID org) {
        return jdbi.withHandle(
                h -> h.createQuery("""
                        select key_id, name, subject, role, scopes, created_at, expires_at, revoked_at
                        from api_keys where org_id = :org order by created_at, key_id
                        """).bind("org", org).map((r, c) -> view(r)).list());
    }

    /** @return rows changed: 0 is an unknown key, or one that was revoked before */
    int revoke(UUID org, UUID key) {
        return jdbi.withHandle(
                h -> h.createUpdate("""
                        update api_keys set revoked_at = clock_timestamp()
                        where org_id = :org and key_id = :key and revoked_at is null
                        """).bind("org", org).bind("key", key).execute());
    }

    boolean isGood(UUID key) {
        return jdbi.withHandle(h ->
                h.createQuery("""
                        select 1 from api_keys where key_id = :key and revoked_at is null
                          and (expires_at is null or expires_at > clock_timestamp())""").bind("key", key).mapTo(int.class).findOne().isPresent());
    }

    boolean exists(UUID org, UUID key) {
        return jdbi.withHandle(h -> h.createQuery("select 1 from api_keys where org_id = :org and key_id = :key")
                .bind("org", org)
                .bind("key", key)
                .mapTo(int.class)
                .findOne()
                .isPresent());
    }

    static Caller caller(ResultSet r) throws SQLException {
        return new Caller(
                r.getObject("org_id", UUID.class),
                r.getString("subject"),
                Role.named(r.getString("role")).orElseThrow(),
                scopes(r.getArray("scopes")),
                Optional.ofNullable(r.getObject("key_id", UUID.class)),
                instant(r, "until"));
    }

    private static KeyView view(ResultSet r) throws SQLException {
        return new KeyView(
                r.getObject("key_id", UUID.class),
                r.getString("name"),
                r.getString("subject"),
                r.getString("role"),
                scopes(r.getArray("scopes")).stream()
                        .map(Scope::apiName)
                        .sorted()
                        .toList(),
                instant(r, "created_at").orElseThrow(),
                instant(r, "expires_at"),
                instant(r, "revoked_at"));
    }

    private static Optional<Instant> instant(ResultSet r, String column) throws SQLException {
        return Optional.ofNullable(r.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    /** A scope that this version does not know opens nothing. */
    private static Set<Scope> scopes(Array names) throws SQLException {
        var scopes = EnumSet.noneOf(Scope.class);
        for (var name : (String[]) names.getArray()) {
            Scope.named(name).ifPresent(scopes::add);
        }
        return scopes;
    }

    private record Found(byte[] hash, Caller caller) {}
}
