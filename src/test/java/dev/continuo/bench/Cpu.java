package dev.continuo.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Who used the processors: seconds per process from /proc, in hundredths. Linux only. */
final class Cpu {
    private static final double TICKS_PER_SECOND = 100;

    /** @param children whether its children count, those that have ended too, as PostgreSQL's do */
    private record Who(Supplier<List<Long>> pids, boolean children) {}

    private final Map<String, Who> all = new LinkedHashMap<>();

    Cpu of(String name, Supplier<List<Long>> pids) {
        all.put(name, new Who(pids, false));
        return this;
    }

    Cpu withChildren(String name, long pid) {
        all.put(name, new Who(() -> List.of(pid), true));
        return this;
    }

    /**
     * @param seconds by process
     * @param others of everything else on this machine
     * @param wall seconds that went by
     */
    record Used(Map<String, Double> seconds, double others, double wall) {
        double of(String name) {
            return seconds.getOrDefault(name, 0.0);
        }

        /** What is measured: the servers, without load and provider. */
        double servers() {
            return of("liberty") + of("nats") + of("postgresql");
        }

        double otherCores() {
            return others / wall;
        }
    }

    final class Reading {
        private final Map<String, Double> seconds = new LinkedHashMap<>();
        private final double busy = busy();
        private final long at = System.nanoTime();

        private Reading() {
            all.forEach((name, who) -> seconds.put(name, seconds(who)));
        }

        Used sinceThen() {
            var now = new Reading();
            var used = new LinkedHashMap<String, Double>();
            seconds.forEach((name, before) -> used.put(name, now.seconds.get(name) - before));
            double ours =
                    used.values().stream().mapToDouble(Double::doubleValue).sum();
            double wall = (now.at - at) / 1e9;
            return new Used(used, Math.max(0, now.busy - busy - ours), wall);
        }
    }

    Reading read() {
        return new Reading();
    }

    private static double seconds(Who who) {
        double sum = 0;
        for (long pid : who.pids().get()) {
            sum += seconds(pid, who.children());
            if (who.children()) {
                for (long child : children(pid)) {
                    sum += seconds(child, true);
                }
            }
        }
        return sum;
    }

    private static double seconds(long pid, boolean children) {
        return fields(pid)
                .map(f -> Long.parseLong(f[11])
                        + Long.parseLong(f[12])
                        + (children ? Long.parseLong(f[13]) + Long.parseLong(f[14]) : 0))
                .map(ticks -> ticks / TICKS_PER_SECOND)
                .orElse(0.0);
    }

    private static List<Long> children(long parent) {
        var found = new ArrayList<Long>();
        try (var folders = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (var folder : folders) {
                long pid = Long.parseLong(folder.getFileName().toString());
                if (fields(pid).filter(f -> Long.parseLong(f[1]) == parent).isPresent()) {
                    found.add(pid);
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return found;
    }

    /** Of /proc/pid/stat, from the state on. */
    private static Optional<String[]> fields(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return Optional.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
        } catch (IOException ended) {
            return Optional.empty();
        }
    }

    private static double busy() {
        try (var lines = Files.lines(Path.of("/proc/stat"))) {
            String[] f = lines.findFirst().orElseThrow().split(" +");
            double ticks = 0;
            for (int i : new int[] {1, 2, 3, 6, 7}) {
                ticks += Long.parseLong(f[i]);
            }
            return ticks / TICKS_PER_SECOND;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Resident kilobytes. */
    static long residentKb(long pid) {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.filter(l -> l.startsWith("VmRSS:"))
                    .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /**
     * What the same piece of work takes at best and usually: how far apart they are tells how busy everybody else keeps
     * the machine, and the best before and after whether it got slower.
     */
    record Spin(double bestMillis, double medianMillis) {
        private static final int TIMES = 40;
        private static volatile long sink;

        static Spin now() {
            var millis = new double[TIMES];
            for (int i = 0; i < TIMES; i++) {
                long began = System.nanoTime();
                long x = began;
                for (int k = 0; k < 4_000_000; k++) {
                    x = x * 6364136223846793005L + 1442695040888963407L;
                }
                sink = x;
                millis[i] = (System.nanoTime() - began) / 1e6;
            }
            java.util.Arrays.sort(millis);
            return new Spin(millis[0], millis[TIMES / 2]);
        }
    }
}
