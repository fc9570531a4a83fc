package dev.continuo.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** axe-core, the rules of accessibility from the npm registry, pinned in src/test/axe and installed under target. */
public final class Axe {
    private static final Path SOURCE = Path.of("src/test/axe");
    private static final Path TARGET = Path.of("target/axe").toAbsolutePath();

    private Axe() {}

    /** A script that gives the page an {@code axe}. Skips the test where Node is missing. */
    public static String script() {
        try {
            return Files.readString(NpmPackages.of(SOURCE, TARGET).resolve("axe-core/axe.min.js"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
