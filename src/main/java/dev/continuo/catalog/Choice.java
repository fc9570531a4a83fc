package dev.continuo.catalog;

import dev.continuo.secrets.Credential;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * Who answers. The temperature is the agent's; a message's own goes before it.
 *
 * @param history how many of the last messages are shown; all where empty
 */
public record Choice(Optional<String> instructions, OptionalDouble temperature, OptionalInt history, Where where) {
    /** Which model. */
    public sealed interface Where {
        /** The configuration's provider, with its usual model where none is named. */
        record Configured(Optional<String> model) implements Where {}

        record Own(Target first, Optional<Target> second) implements Where {}

        /** A stable code, safe to show. */
        record Nowhere(String code) implements Where {}
    }

    /** A model of an own provider, with the key opened. */
    public record Target(
            UUID provider, Kind kind, String baseUrl, Optional<Credential> key, String model, Thinking thinking) {}
}
