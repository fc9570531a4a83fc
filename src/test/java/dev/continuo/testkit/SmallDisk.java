package dev.continuo.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A file system of a few megabytes in memory, mounted over a folder, which can be filled to its last byte. */
public final class SmallDisk implements AutoCloseable {
    private final Path folder;
    private boolean mounted = true;

    private SmallDisk(Path folder) {
        this.folder = folder;
        AtExit.add(this::close);
    }

    /** Empty where this process may not mount anything. */
    public static Optional<SmallDisk> over(Path folder, int megabytes) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var options = "size=" + megabytes + "m,mode=0700";
        return run(List.of("mount", "-t", "tmpfs", "-o", options, "continuo-test", folder.toString()))
                ? Optional.of(new SmallDisk(folder))
                : Optional.empty();
    }

    private static boolean run(List<String> command) {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Path ballast() {
        return folder.resolve("ballast");
    }

    /** Until nothing more fits. */
    public void fill() {
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(ballast())) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No space left")) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public void makeRoom() {
        try {
            Files.deleteIfExists(ballast());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nothing may have a file open there any more. */
    @Override
    public void close() {
        if (mounted && run(List.of("umount", folder.toString()))) {
            mounted = false;
        }
    }
}
