package dev.continuo.sql;

import java.util.UUID;

/** What a statement says of a key that it does not know. */
public final class Keys {
    /** {@code key >= LEAST} reads a whole index that can be used only by whoever names its key, as those of {@code runs}. */
    public static final UUID LEAST = new UUID(0, 0);

    private Keys() {}
}
