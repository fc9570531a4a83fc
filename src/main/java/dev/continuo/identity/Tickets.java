package dev.continuo.identity;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jdbi.v3.core.Jdbi;

/**
 * What an EventSource shows instead of a key, since it cannot send headers: good for one stream, first within 30 s,
 * then only for reconnects that say where they were. Any node takes any ticket. The key or token it was made with must
 * still be good.
 */
@Singleton
public class Tickets {
    static final String PREFIX = "ct_";

    enum Opening {
        FRESH,
        RECONNECT
    }

    private final Jdbi jdbi;
    private final Duration life;

    @Inject
    Tickets(Jdbi jdbi, @ConfigProperty(name = "continuo.ticket-life") Duration life) {
        this.jdbi = jdbi;
        this.life = life;
    }

    Secret issue(Caller caller, String resource) {
        var ticket = Secret.random(PREFIX);
        jdbi.useHandle(h -> h.createUpdate("""
                        insert into tickets (hash, org_id, subject, role, scopes, key_id, until, resource, expires_at)
                        values (:hash, :org, :subject, :role, string_to_array(:scopes, ','), cast(:key as uuid),
                                cast(:until as timestamptz), :resource,
                                least(cast(:until as timestamptz), clock_timestamp() + make_interval(secs => :life)))
                        """)
                .bind("hash", ticket.hash())
                .bind("org", caller.org())
                .bind("subject", caller.subject())
                .bind("role", caller.role().apiName())
                .bind("scopes", Scope.list(caller.scopes()))
                .bind("key", caller.keyId().orElse(null))
                .bind(
                        "until",
                        caller.until().map(at -> at.atOffset(ZoneOffset.UTC)).orElse(null))
                .bind("resource", resource)
                .bind("life", life.toSeconds())
                .execute());
        return ticket;
    }

    /** One statement decides and marks, so that of two first uses on two nodes exactly one opens. */
    Optional<Caller> use(Secret ticket, String resource, Opening opening) {
        return jdbi.withHandle(h -> h.createQuery("""
                        update tickets t set used_at = coalesce(t.used_at, clock_timestamp())
                        where t.hash = :hash and t.resource = :resource and t.expires_at > clock_timestamp()
                          and case when t.used_at is null then t.issued_at > clock_timestamp() - interval '30 seconds'
                                   else :reconnect end
                          and (t.key_id is null or exists (
                                select 1 from api_keys k
                                where k.key_id = t.key_id and k.revoked_at is null
                                  and (k.expires_at is null or k.expires_at > clock_timestamp())))
                        returning t.org_id, t.subject, t.role, t.scopes, t.key_id, t.until
                        """)
                .bind("hash", ticket.hash())
                .bind("resource", resource)
                .bind("reconnect", opening == Opening.RECONNECT)
                .map((r, c) -> KeyStore.caller(r))
                .findOne());
    }
}
