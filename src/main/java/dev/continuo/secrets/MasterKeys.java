package dev.continuo.secrets;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The keys that seal, from the configuration or from a file, never from the database. The first seals, all of them open: a
 * rotation puts a new one before the old ones.
 */
@Singleton
public final class MasterKeys {
    private static final String HOW =
            "; make one with: openssl rand -base64 32, and separate several by commas or line ends, the newest first";

    private final List<SecretKey> keys;

    @Inject
    MasterKeys(
            @ConfigProperty(name = "continuo.secrets.key") Optional<String> key,
            @ConfigProperty(name = "continuo.secrets.key-file") Optional<String> file) {
        var inline = key.filter(k -> !k.isBlank());
        var path = file.filter(f -> !f.isBlank());
        if (inline.isPresent() && path.isPresent()) {
            throw new IllegalArgumentException("set continuo.secrets.key or continuo.secrets.key-file, not both");
        }
        keys = path.map(MasterKeys::read)
                .or(() -> inline)
                .map(MasterKeys::parse)
                .orElse(List.of());
    }

    /** For tests and tools: the keys as the configuration would hold them. */
    public static MasterKeys of(String... keys) {
        return new MasterKeys(Optional.of(String.join(",", keys)), Optional.empty());
    }

    /** As where nothing is configured. */
    public static MasterKeys none() {
        return new MasterKeys(Optional.empty(), Optional.empty());
    }

    List<SecretKey> all() {
        return keys;
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "continuo.secrets.key-file cannot be read: " + e.getClass().getSimpleName() + " at " + file, e);
        }
    }

    private static List<SecretKey> parse(String text) {
        var keys = Arrays.stream(text.split("[,\\s]+"))
                .filter(k -> !k.isEmpty())
                .map(MasterKeys::key)
                .toList();
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("continuo.secrets.key-file holds no key" + HOW);
        }
        return keys;
    }

    /** Says nothing of what it was given: it may be most of a key. */
    private static SecretKey key(String base64) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a key of continuo.secrets is not Base64" + HOW);
        }
        if (bytes.length != 32) {
            throw new IllegalArgumentException(
                    "a key of continuo.secrets has " + bytes.length + " bytes, it must have 32" + HOW);
        }
        return new SecretKeySpec(bytes, "AES");
    }
}
