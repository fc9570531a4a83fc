package dev.continuo.catalog;

import dev.continuo.identity.Audit;
import dev.continuo.secrets.Credential;
import dev.continuo.secrets.Place;
import dev.continuo.secrets.Seal;
import dev.continuo.web.Problem;

/** Whoever keeps sealed secrets: after a rotation of the keys that seal, each seals its own anew. */
public interface SealKeeper {
    Resealed reseal(Audit.By by);

    /** @throws Problem 409 {@code no_master_key} where this server cannot seal */
    static byte[] seal(Seal seal, Credential secret, Place place) {
        if (!seal.possible()) {
            throw Problem.of(
                    409,
                    "no_master_key",
                    "This server has no key to seal secrets with, so it stores none. Its operator sets "
                            + "continuo.secrets.key-file (or continuo.secrets.key) to 32 bytes in Base64, such as "
                            + "'openssl rand -base64 32' makes.");
        }
        return seal.seal(secret, place);
    }

    /** @param unreadable sealed under a key that this node does not have */
    record Resealed(int resealed, int unreadable) {
        Resealed plus(Resealed more) {
            return new Resealed(resealed + more.resealed, unreadable + more.unreadable);
        }
    }
}
