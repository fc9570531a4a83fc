package dev.continuo.execution;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Room in this node's memory for the files that prompts show: a run holds its files as long as it is executed, and as many
 * runs as there are slots, with as many files as a prompt may have, would fill any heap. First come, first served, so that
 * small ones do not keep a large one waiting.
 */
@Singleton
public class FileRoom {
    private static final int UNIT = 1024;
    /** A byte of a file is up to seven in memory: in Base64, in the request as text, and in the request as it is sent. */
    private static final int PART_OF_HEAP = 16;

    private final int units;
    private final Semaphore free;

    @Inject
    FileRoom(@ConfigProperty(name = "continuo.files.node-bytes") Optional<Long> bytes) {
        this(bytes.orElseGet(() -> Runtime.getRuntime().maxMemory() / PART_OF_HEAP));
    }

    FileRoom(long bytes) {
        if (bytes < UNIT) {
            throw new IllegalArgumentException(
                    "continuo.files.node-bytes must be at least " + UNIT + ", it is " + bytes);
        }
        this.units = (int) Math.min(bytes / UNIT, Integer.MAX_VALUE);
        this.free = new Semaphore(units, true);
    }

    /** A part of the room, until it is closed. */
    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    /** Empty where there was none in time. What is larger than all of the room gets all of it. */
    Optional<Held> take(long bytes, Duration atMost) throws InterruptedException {
        int wanted = (int) Math.min((bytes + UNIT - 1) / UNIT, units);
        if (wanted == 0) {
            // a fair semaphore lets nobody pass those who wait, not even for nothing
            return Optional.of(() -> {});
        }
        if (!free.tryAcquire(wanted, atMost.toNanos(), TimeUnit.NANOSECONDS)) {
            return Optional.empty();
        }
        return Optional.of(() -> free.release(wanted));
    }
}
