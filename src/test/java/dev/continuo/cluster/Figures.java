package dev.continuo.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Times that were measured: printed and kept in {@code target/figures.txt}, never asserted, because a noisy machine would
 * decide. */
final class Figures {
    private static final Path FILE = Path.of("target", "figures.txt");

    private Figures() {}

    static void print(String what, Duration took) {
        line(String.format(Locale.ROOT, "· %s: %d ms", what, took.toMillis()));
    }

    static void print(String what, long from, long to) {
        print(what, Duration.ofNanos(to - from));
    }

    /** The median, the 99th percentile by the nearest rank, and the worst. */
    static void print(String what, Collection<Duration> took) {
        List<Long> sorted = took.stream().map(Duration::toMillis).sorted().toList();
        line(String.format(
                Locale.ROOT,
                "· %s: n=%d p50=%d ms p99=%d ms max=%d ms",
                what,
                sorted.size(),
                rank(sorted, 0.50),
                rank(sorted, 0.99),
                sorted.getLast()));
    }

    private static long rank(List<Long> sorted, double share) {
        return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
    }

    static synchronized void line(String line) {
        System.out.println(line);
        try {
            Files.writeString(FILE, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
