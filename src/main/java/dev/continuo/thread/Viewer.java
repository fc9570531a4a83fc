package dev.continuo.thread;

import java.util.Objects;
import java.util.UUID;

/** On whose behalf a query is asked. It is a part of the SQL of every query, so that forgetting to check is impossible. */
public record Viewer(UUID org, String subject, Reach reach) {
    public Viewer {
        Objects.requireNonNull(org);
        Objects.requireNonNull(subject);
        Objects.requireNonNull(reach);
    }

    /** For the SQL: {@code (:all or t.creator = :subject)}. */
    public boolean all() {
        return reach == Reach.ORGANISATION;
    }
}
