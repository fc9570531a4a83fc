package dev.continuo.model;

import dev.continuo.model.ModelException.Kind;
import java.time.Duration;
import java.util.Optional;

/** A {@link ModelException} on its way through a library that only lets unchecked ones pass. */
final class Failure extends RuntimeException {
    private final Kind kind;
    private final String code;
    private final Optional<Duration> retryAfter;

    Failure(Kind kind, String code, String message, Optional<Duration> retryAfter, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    Failure(Kind kind, String code, String message) {
        this(kind, code, message, Optional.empty(), null);
    }

    ModelException exception(boolean afterFirstToken) {
        return new ModelException(kind, afterFirstToken, code, getMessage(), retryAfter, this);
    }
}
