package dev.continuo.thread;

import java.util.Optional;

/** What a PATCH changes; what is empty stays. */
public record ThreadChange(Optional<String> title, Optional<String> agent, Optional<ThreadFilter.Shelf> shelf) {}
