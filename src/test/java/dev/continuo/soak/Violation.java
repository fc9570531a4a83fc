package dev.continuo.soak;

import java.util.List;

/**
 * An invariant that did not hold.
 *
 * @param subject the run, thread or key
 * @param excerpt the fewest lines of the history that show it
 */
record Violation(Invariant invariant, String subject, String what, List<String> excerpt) {
    Violation {
        excerpt = List.copyOf(excerpt);
    }

    static Violation of(Invariant invariant, String subject, String what) {
        return new Violation(invariant, subject, what, List.of());
    }

    @Override
    public String toString() {
        return invariant + " " + subject + ": " + what
                + (excerpt.isEmpty() ? "" : "\n    " + String.join("\n    ", excerpt));
    }
}
