package dev.continuo.secrets;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.UUID;

/** The row that a secret belongs to. A sealed value opens at its own place only. */
public record Place(UUID org, UUID id) {
    public Place {
        Objects.requireNonNull(org);
        Objects.requireNonNull(id);
    }

    byte[] bytes() {
        return ("continuo:credential:" + org + ":" + id).getBytes(StandardCharsets.UTF_8);
    }
}
