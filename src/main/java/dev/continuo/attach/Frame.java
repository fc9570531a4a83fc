package dev.continuo.attach;

import java.util.Arrays;

/**
 * One record as every watcher gets it, encoded once: {@code id: <run>.<epoch>.<idx>}, one {@code data:} line with the
 * chunk, an empty line. The bytes of neighbours lie next to each other in a shared page that is never overwritten.
 *
 * @param chunkFrom where the chunk's JSON begins in the page
 */
public record Frame(int idx, long epoch, byte[] page, int from, int to, int chunkFrom) {
    /** The chunk's JSON, copied. */
    public byte[] chunk() {
        return Arrays.copyOfRange(page, chunkFrom, to - 2);
    }

    public int size() {
        return to - from;
    }
}
