package dev.continuo.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A flight recording of one node during one measurement: where its processor time and its allocations went. */
final class Profile implements AutoCloseable {
    private final long pid;

    /** Written when this is closed. */
    Profile(long pid, Path file) {
        this.pid = pid;
        jcmd(
                "JFR.start",
                "name=bench",
                "settings=profile",
                "filename=" + file.toAbsolutePath(),
                "jdk.CPUTimeSample#enabled=true",
                "jdk.CPUTimeSample#throttle=500/s");
    }

    @Override
    public void close() {
        jcmd("JFR.stop", "name=bench");
    }

    private void jcmd(String... arguments) {
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid)));
        command.addAll(List.of(arguments));
        try {
            int code = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("no flight recording of " + pid + ": " + String.join(" ", arguments));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
