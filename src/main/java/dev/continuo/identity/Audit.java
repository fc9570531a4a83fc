package dev.continuo.identity;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
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
