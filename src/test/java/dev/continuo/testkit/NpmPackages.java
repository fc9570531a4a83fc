package dev.continuo.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Packages of the npm registry that tests use: pinned by a lock under src/test, installed once under target. */
final class NpmPackages {
    private NpmPackages() {}

    /** Where the folder with {@code package-lock.json} is installed. Skips the test where Node is missing. */
    static synchronized Path of(Path source, Path target) {
        assumeTrue(
                Child.executable("node").isPresent() && Child.executable("npm").isPresent(),
                "Node is missing: install Node 20 or later with npm");
        try {
            install(source, target);
            return target.resolve("node_modules");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void install(Path source, Path target) throws IOException, InterruptedException {
        var installed = target.resolve("node_modules/.package-lock.json");
        var lock = source.resolve("package-lock.json");
        if (Files.exists(installed)
                && Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(lock)) >= 0) {
            return;
        }
        Files.createDirectories(target);
        for (var file : List.of("package.json", "package-lock.json", ".npmrc")) {
            Files.copy(source.resolve(file), target.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        var log = target.resolve("npm.log");
        var npm = new ProcessBuilder("npm", "ci", "--loglevel=error")
                .directory(target.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!npm.waitFor(5, TimeUnit.MINUTES) || npm.exitValue() != 0) {
            npm.destroyForcibly();
            throw new IllegalStateException("npm ci failed: " + Files.readString(log));
        }
    }
}
