package dev.continuo.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a process holds, as Linux says. */
record Footprint(String node, long pid, int threads, int sockets, int files, long residentMiB) {
    /** Empty where there is no such process, or no {@code /proc}. */
    static Optional<Footprint> of(String node, long pid) {
        Path proc = Path.of("/proc", Long.toString(pid));
        try {
            String status = Files.readString(proc.resolve("status"));
            int sockets = 0;
            int files = 0;
            try (var open = Files.list(proc.resolve("fd"))) {
                for (Path file : open.toList()) {
                    files++;
                    sockets += isSocket(file) ? 1 : 0;
                }
            }
            return Optional.of(new Footprint(
                    node, pid, (int) field(status, "Threads"), sockets, files, field(status, "VmRSS") / 1024));
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private static boolean isSocket(Path file) {
        try {
            return Files.readSymbolicLink(file).toString().startsWith("socket:");
        } catch (IOException e) {
            return false; // Closed meanwhile.
        }
    }

    private static long field(String status, String name) {
        return status.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(0);
    }
}
