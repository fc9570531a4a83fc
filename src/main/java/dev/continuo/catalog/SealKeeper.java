package dev.continuo.catalog;

import dev.continuo.identity.Audit;

/** Whoever keeps sealed secrets: after a rotation of the keys that seal, each seals its own anew. */
public interface SealKeeper {
    Resealed reseal(Audit.By by);

    /** @param unreadable sealed under a key that this node does not have */
    record Resealed(int resealed, int unreadable) {
        Resealed plus(Resealed more) {
            return new Resealed(resealed + more.resealed, unreadable + more.unreadable);
        }
    }
}
