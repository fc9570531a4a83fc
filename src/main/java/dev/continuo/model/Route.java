package dev.continuo.model;

import java.util.Optional;

/** Where a prompt goes. */
public sealed interface Route {
    /** To the provider of the configuration. */
    record Configured() implements Route {}

    /** To an organisation's own provider; to the second where the first fails before its first token. */
    record To(Endpoint first, Optional<Endpoint> second) implements Route {}

    /** Nowhere, for a reason that is shown to users. */
    record Nowhere(String code) implements Route {}
}
