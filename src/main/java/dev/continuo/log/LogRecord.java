package dev.continuo.log;

import java.util.Arrays;
import java.util.Objects;

/**
 * One chunk of a run at its place in the log. {@code chunk} is the UTF-8 JSON object of one UI message chunk, without
 * line breaks; {@code meta} is a JSON object that never leaves the server, or empty bytes. Neither array is ever
 * changed after construction: a record is immutable from the moment it has an idx.
 *
 * @param idx 1.. without holes inside a run
 * @param epoch the epoch that wrote the record
 */
public record LogRecord(int idx, long epoch, byte[] chunk, byte[] meta) {
    private static final byte[] NO_META = {};

    public LogRecord {
        Objects.requireNonNull(chunk);
        Objects.requireNonNull(meta);
        if (idx < 1 || epoch < 1) {
            throw new IllegalArgumentException("idx and epoch of a record start at 1: " + idx + ", " + epoch);
        }
    }

    public LogRecord(int idx, long epoch, byte[] chunk) {
        this(idx, epoch, chunk, NO_META);
    }

    /** Roughly what the record costs on the wire and in memory. */
    public int size() {
        return chunk.length + meta.length + 40;
    }

    public boolean hasMeta() {
        return meta.length > 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LogRecord(int i, long e, byte[] c, byte[] m)
                && idx == i
                && epoch == e
                && Arrays.equals(chunk, c)
                && Arrays.equals(meta, m);
    }

    @Override
    public int hashCode() {
        return Objects.hash(idx, epoch, Arrays.hashCode(chunk));
    }

    @Override
    public String toString() {
        return idx + "@" + epoch + " " + new String(chunk, java.nio.charset.StandardCharsets.UTF_8);
    }
}
