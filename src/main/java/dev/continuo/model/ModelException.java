package dev.continuo.model;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A call that brought no finish reason. {@code code} is stable and safe to show to users; the provider's own words stay
 * in the log of the node.
 */
public final class ModelException extends Exception {
    /** How it failed, as far as it matters for what happens next. */
    public enum Kind {
        /** 429: ask again after {@link #retryAfter()}. */
        RATE_LIMITED,
        /** 5xx, or no connection. */
        UNAVAILABLE,
        /** Any other 4xx: asking again would not help. */
        REJECTED,
        NO_FIRST_BYTE,
        STALLED,
        TOO_LONG,
        RESET,
        /** The stream ended cleanly, but nobody said that the answer was complete. */
        NO_FINISH_REASON,
        MALFORMED,
        ABORTED
    }

    private final Kind kind;
    private final boolean afterFirstToken;
    private final String code;
    private final Optional<Duration> retryAfter;

    public ModelException(
            Kind kind,
            boolean afterFirstToken,
            String code,
            String message,
            Optional<Duration> retryAfter,
            Throwable cause) {
        super(message, cause);
        this.kind = Objects.requireNonNull(kind);
        this.afterFirstToken = afterFirstToken;
        this.code = Objects.requireNonNull(code);
        this.retryAfter = retryAfter;
    }

    public Kind kind() {
        return kind;
    }

    public boolean afterFirstToken() {
        return afterFirstToken;
    }

    public String code() {
        return code;
    }

    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
