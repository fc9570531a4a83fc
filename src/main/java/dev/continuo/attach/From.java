package dev.continuo.attach;

import dev.continuo.log.Cursor;

/** Where a reader begins. */
public sealed interface From {
    /** After what a client says it has; its epoch decides how much of that still holds. */
    record At(Cursor cursor) implements From {}

    /** After that many records, whoever wrote them. */
    record After(int idx) implements From {}

    static From start() {
        return new After(0);
    }
}
