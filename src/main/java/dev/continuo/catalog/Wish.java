package dev.continuo.catalog;

import java.util.Optional;

/** What a message says about who should answer it. */
public record Wish(Optional<String> agent, Optional<String> tier, Optional<String> model) {}
