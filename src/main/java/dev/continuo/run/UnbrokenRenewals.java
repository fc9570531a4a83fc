package dev.continuo.run;

import java.time.Duration;

/** For how long every renewal of the asking node has succeeded, on its monotonic clock: its right to judge others. */
public record UnbrokenRenewals(Duration span) {
    public UnbrokenRenewals {
        if (span.isNegative()) {
            throw new IllegalArgumentException("a span of time is never negative: " + span);
        }
    }
}
