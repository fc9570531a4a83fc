package dev.continuo.bench;

import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** Whose threads the bench makes over HTTP, for those that it writes by SQL. */
record Home(UUID org, String creator) {
    static Home in(Jdbi jdbi) {
        return jdbi.withHandle(h -> h.createQuery("select org_id, creator from threads limit 1")
                .map((rs, _) -> new Home(rs.getObject("org_id", UUID.class), rs.getString("creator")))
                .one());
    }
}
