package dev.continuo.identity;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** Append-only: who did what to which target, and how it ended. Never the text of a message, never a secret. */
@Singleton
public class Audit {
    private final Jdbi jdbi;

    /** Who acted, under which request. */
    public record By(UUID org, String subject, String requestId) {
        public static By of(Caller caller, String requestId) {
            return new By(caller.org(), caller.subject(), requestId);
        }
    }

    @Inject
    public Audit(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** What was done. */
    public record Entry(
            long id,
            Instant at,
            String subject,
            String action,
            Optional<String> target,
            String result,
            Optional<String> requestId) {}

    /**
     * Which entries are wanted; what is empty means all.
     *
     * @param action one, such as {@code key.create}, or what stands before the dot
     */
    public record Filter(Optional<String> action, Optional<String> subject) {}

    /** What was done in one organisation before that entry, the newest first. */
    public List<Entry> list(UUID org, Filter filter, long before, int limit) {
        return jdbi.withHandle(h -> h.createQuery("""
                        select audit_id, at, subject, action, target, result, request_id from audit
                        where org_id = :org and audit_id < :before
                          and (cast(:action as text) is null or action = :action or starts_with(action, :action || '.'))
                          and (cast(:subject as text) is null or subject = :subject)
                        order by audit_id desc limit :limit
                        """)
                .bind("org", org)
                .bind("action", filter.action())
                .bind("subject", filter.subject())
                .bind("before", before)
                .bind("limit", limit)
                .map((r, _) -> new Entry(
                        r.getLong("audit_id"),
                        r.getObject("at", OffsetDateTime.class).toInstant(),
                        r.getString("subject"),
                        r.getString("action"),
                        Optional.ofNullable(r.getString("target")),
                        r.getString("result"),
                        Optional.ofNullable(r.getString("request_id"))))
                .list());
    }

    public void write(By by, String action, String target, String result) {
        jdbi.useHandle(h -> h.createUpdate("""
                        insert into audit (org_id, subject, action, target, result, request_id)
                        values (:org, :subject, :action, :target, :result, :request)
                        """)
                .bind("org", by.org())
                .bind("subject", by.subject())
                .bind("action", action)
                .bind("target", target)
                .bind("result", result)
                .bind("request", by.requestId())
                .execute());
    }
}
