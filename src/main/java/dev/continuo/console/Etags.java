package dev.continuo.console;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The digests of our files. A reproducible build gives every file the same date, so a date says nothing of a change. */
final class Etags {
    private final Map<String, Optional<String>> known = new ConcurrentHashMap<>();

    /** Empty where there is no such file. */
    Optional<String> of(ServletContext files, String path) {
        var known = this.known.get(path);
        if (known != null) {
            return known;
        }
        var digest = digest(files, path);
        digest.ifPresent(found -> this.known.put(path, Optional.of(found)));
        return digest;
    }

    private static Optional<String> digest(ServletContext files, String path) {
        if (path.startsWith("/WEB-INF") || path.startsWith("/META-INF")) {
            return Optional.empty();
        }
        try (var in = files.getResourceAsStream(path)) {
            if (in == null) {
                return Optional.empty();
            }
            var digest = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(in, digest).readAllBytes();
            return Optional.of('"' + HexFormat.of().formatHex(digest.digest(), 0, 12) + '"');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
