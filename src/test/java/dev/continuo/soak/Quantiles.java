package dev.continuo.soak;

import java.util.List;

/** Of sorted numbers. */
final class Quantiles {
    private Quantiles() {}

    static long of(List<Long> sorted, double share) {
        return sorted.isEmpty() ? 0 : sorted.get((int) Math.min(sorted.size() - 1, Math.floor(sorted.size() * share)));
    }
}
