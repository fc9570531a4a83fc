package dev.continuo.catalog;

import dev.continuo.secrets.Place;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A provider of an organisation, its key still sealed. */
record Provider(
        UUID org,
        UUID id,
        String name,
        Kind kind,
        String baseUrl,
        Auth auth,
        Optional<byte[]> sealedKey,
        List<String> models,
        String probe,
        Instant probedAt,
        int version) {
    /** Whether it wants a key. */
    enum Auth {
        KEY,
        NONE
    }

    Provider {
        models = List.copyOf(models);
    }

    Place place() {
        return new Place(org, id);
    }

    boolean lacksKey() {
        return auth == Auth.KEY && sealedKey.isEmpty();
    }

    boolean lists(String model) {
        return models.contains(model);
    }

    /** One that lists nothing could not be asked for its models; then anything goes. */
    boolean mayHave(String model) {
        return models.isEmpty() || lists(model);
    }

    @Override
    public String toString() {
        return "Provider[" + kind + " " + id + "]";
    }
}
