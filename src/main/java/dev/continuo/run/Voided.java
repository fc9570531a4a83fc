package dev.continuo.run;

import java.util.OptionalInt;

/**
 * The highest idx above a new epoch's base that a smaller epoch may have shown to somebody. Only clients that count
 * chunks need it: they cannot be told to go back.
 */
public sealed interface Voided {
    record Nothing() implements Voided {}

    record UpTo(int idx) implements Voided {}

    /** Nobody looked, so anything may have been shown. */
    record Unknown() implements Voided {}

    static Voided of(OptionalInt highest, int base) {
        return highest.isPresent() && highest.getAsInt() > base ? new UpTo(highest.getAsInt()) : new Nothing();
    }

    default Integer idxOrNull() {
        return this instanceof UpTo(int idx) ? idx : null;
    }

    default boolean isUnknown() {
        return this instanceof Unknown;
    }
}
