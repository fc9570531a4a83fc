package dev.continuo.model;

import java.util.Optional;

/** A call that ended with the provider's own finish reason. */
public record ModelResult(FinishReason reason, Usage usage, Optional<String> responseId) {}
