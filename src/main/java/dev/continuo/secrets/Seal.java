package dev.continuo.secrets;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals and opens. A sealed value is: the version 1, eight bytes that name its key, a random nonce of twelve, and what
 * AES-256-GCM made of it with its place as associated data. Random nonces are safe far beyond the number of credentials
 * that one key will ever seal.
 */
@Singleton
public final class Seal {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte VERSION = 1;
    private static final int NAME = 8;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final List<Named> keys;

    private record Named(byte[] name, SecretKey key) {}

    @Inject
    public Seal(MasterKeys keys) {
        this.keys = keys.all().stream().map(k -> new Named(name(k), k)).toList();
    }

    /** Whether there is a key to seal with. */
    public boolean possible() {
        return !keys.isEmpty();
    }

    /** @throws IllegalStateException where no key is configured: ask {@link #possible()} first */
    public byte[] seal(Credential secret, Place place) {
        if (keys.isEmpty()) {
            throw new IllegalStateException("no key is configured to seal with");
        }
        var newest = keys.getFirst();
        var nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        try {
            var sealed = cipher(Cipher.ENCRYPT_MODE, newest.key(), nonce, place)
                    .doFinal(secret.reveal().getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.allocate(1 + NAME + NONCE + sealed.length)
                    .put(VERSION)
                    .put(newest.name())
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-256-GCM", e);
        }
    }

    public Credential open(byte[] sealed, Place place) throws Unreadable {
        if (sealed.length <= 1 + NAME + NONCE || sealed[0] != VERSION) {
            throw new Unreadable("this is nothing that was sealed here", null);
        }
        var name = Arrays.copyOfRange(sealed, 1, 1 + NAME);
        var nonce = Arrays.copyOfRange(sealed, 1 + NAME, 1 + NAME + NONCE);
        var key = named(name)
                .orElseThrow(
                        () -> new Unreadable("it was sealed under a key that is not among continuo.secrets", null));
        try {
            var plain = cipher(Cipher.DECRYPT_MODE, key, nonce, place)
                    .doFinal(sealed, 1 + NAME + NONCE, sealed.length - 1 - NAME - NONCE);
            return new Credential(new String(plain, StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new Unreadable("it was changed, or belongs to another place", e);
        }
    }

    /** Whether it is sealed under the key that seals now, and needs no sealing anew. */
    public boolean isCurrent(byte[] sealed) {
        return !keys.isEmpty()
                && sealed.length > 1 + NAME
                && Arrays.equals(sealed, 1, 1 + NAME, keys.getFirst().name(), 0, NAME);
    }

    private Optional<SecretKey> named(byte[] name) {
        return keys.stream()
                .filter(k -> MessageDigest.isEqual(k.name(), name))
                .map(Named::key)
                .findFirst();
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce, Place place) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(place.bytes());
        return cipher;
    }

    private static byte[] name(SecretKey key) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update("continuo:key-name:".getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(digest.digest(key.getEncoded()), NAME);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
