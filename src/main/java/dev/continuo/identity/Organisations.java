package dev.continuo.identity;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** Organisations are made from their name alone, so that any node makes the same one. */
@Singleton
class Organisations {
    static final String DEFAULT = "default";

    private final Jdbi jdbi;

    @Inject
    Organisations(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    static UUID idOf(String name) {
        return UUID.nameUUIDFromBytes(("continuo:organisation:" + name).getBytes(StandardCharsets.UTF_8));
    }

    UUID ensure(String name) {
        var id = idOf(name);
        jdbi.useHandle(h -> h.createUpdate(
                        "insert into organisations (org_id, name) values (:id, :name) on conflict (org_id) do nothing")
                .bind("id", id)
                .bind("name", name)
                .execute());
        return id;
    }
}
