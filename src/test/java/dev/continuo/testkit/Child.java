package dev.continuo.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A process of ours in a session of its own, so that Ctrl-C in a terminal reaches us first. Whatever still runs when this
 * JVM ends is killed, by pid. */
public final class Child implements AutoCloseable {
    private static final Set<Child> ALL = ConcurrentHashMap.newKeySet();

    static {
        AtExit.add(() -> ALL.forEach(Child::kill9));
    }

    private final String name;
    private final Process process;
    private final Path log;

    private Child(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /** Appends its output to {@code log}. Variables that start with {@code CONTINUO_} are not inherited. */
    public static Child start(String name, Path log, Map<String, String> environment, List<String> command) {
        try {
            Files.createDirectories(log.getParent());
            var builder = new ProcessBuilder(inOwnSession(command))
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().keySet().removeIf(key -> key.startsWith("CONTINUO_"));
            builder.environment().putAll(environment);
            var child = new Child(name, builder.start(), log);
            ALL.add(child);
            child.process.onExit().thenRun(() -> ALL.remove(child));
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name + ": " + e.getMessage(), e);
        }
    }

    private static List<String> inOwnSession(List<String> command) {
        return executable("setsid")
                .map(setsid -> {
                    var all = new java.util.ArrayList<>(List.of(setsid.toString()));
                    all.addAll(command);
                    return List.copyOf(all);
                })
                .orElse(command);
    }

    /** The path of a program: on the path, or where system programs are kept. */
    public static Optional<Path> executable(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("") + ":/usr/sbin:/usr/local/sbin:/sbin";
        return List.of(path.split(":")).stream()
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    public long pid() {
        return process.pid();
    }

    public Path log() {
        return log;
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** The last lines it wrote, for messages. */
    public String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    /** SIGKILL, and waits until the process is gone. */
    public void kill9() {
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(10));
    }

    /** SIGTERM; does not wait. */
    public void term() {
        process.destroy();
    }

    public void stop() {
        signal(process.pid(), "STOP");
    }

    /** No harm to one that runs or has ended. */
    public void cont() {
        if (alive()) {
            signal(process.pid(), "CONT");
        }
    }

    /** True once it is gone. */
    public boolean awaitExit(Duration atMost) {
        try {
            return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Asks politely, then does not. */
    public void end(Duration patience) {
        term();
        if (!awaitExit(patience)) {
            kill9();
        }
    }

    @Override
    public void close() {
        end(Duration.ofSeconds(5));
    }

    /** Ends several at once. */
    public static void endAll(Collection<Child> children, Duration patience) {
        children.forEach(Child::term);
        children.forEach(child -> child.end(patience));
    }

    static void signal(long pid, String signal) {
        try {
            int code = new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("no process " + pid + " to send SIG" + signal + " to");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return name + " (pid " + process.pid() + ")";
    }
}
