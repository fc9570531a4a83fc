package dev.continuo.model;

import java.util.Objects;

/**
 * What a provider wants back as it was, when its model is told what came of its calls; some refuse to go on without. Only
 * the provider can read it, and no other one takes it.
 */
public record Signature(Dialect by, Of of, String value) {
    public Signature {
        Objects.requireNonNull(by);
        Objects.requireNonNull(of);
        Objects.requireNonNull(value);
    }

    /** What is signed. */
    public enum Of {
        /** The reasoning that was said just before. */
        THOUGHT,
        /** A thought of which no word was shown; its provider wants it back without one. */
        UNSHOWN,
        /** A thought that is not shown: the signature is all there is of it. */
        HIDDEN,
        /** The calls of a step. */
        CALLS
    }
}
