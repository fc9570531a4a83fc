package dev.continuo.model;

import dev.continuo.secrets.Credential;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A model at a provider that an organisation brought itself.
 *
 * @param credential what its rate and its failures are counted under
 * @param key empty for servers that want none
 * @param thinking how hard the model is asked to think; empty: not at all
 */
public record Endpoint(
        Dialect dialect,
        UUID credential,
        String baseUrl,
        Optional<Credential> key,
        String model,
        Optional<Effort> thinking) {
    public Endpoint {
        Objects.requireNonNull(dialect);
        Objects.requireNonNull(credential);
        Objects.requireNonNull(baseUrl);
        Objects.requireNonNull(model);
        Objects.requireNonNull(thinking);
    }
}
