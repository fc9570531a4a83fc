package dev.continuo.bench;

import java.nio.file.Path;

/** A flight recording of one node during one measurement: where its processor time and its allocations went. */
final class Profile implements AutoCloseable {
    private final long pid;

    /** Written when this is closed. */
    Profile(long pid, Path file) {
        this.pid = pid;
        Jcmd.ask(
                pid,
                "JFR.start",
                "name=bench",
                "settings=profile",
                "filename=" + file.toAbsolutePath(),
                "jdk.CPUTimeSample#enabled=true",
                "jdk.CPUTimeSample#throttle=500/s");
    }

    @Override
    public void close() {
        Jcmd.ask(pid, "JFR.stop", "name=bench");
    }
}
