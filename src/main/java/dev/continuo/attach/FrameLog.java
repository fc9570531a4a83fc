package dev.continuo.attach;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.continuo.log.LogRecord;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * The frames 1..n of a run, in pages. What was handed out stays as it was: pages are only appended to, and after a
 * truncation both pages and index go on in fresh arrays. One thread at a time writes.
 */
final class FrameLog {
    private static final int FIRST_PAGE = 4 << 10;
    private static final int FULL_PAGE = 64 << 10;
    private static final byte[] DATA = "\ndata: ".getBytes(US_ASCII);

    private final byte[] idStart;
    private Frame[] frames = new Frame[16];
    private int size;
    private byte[] page = {};
    private int used;
    private int nextPage = FIRST_PAGE;

    FrameLog(UUID run) {
        idStart = ("id: " + run + ".").getBytes(US_ASCII);
    }

    int size() {
        return size;
    }

    /** The index of frames as it is now; entries below {@link #size()} never change afterwards. */
    Frame[] index() {
        return frames;
    }

    void append(List<LogRecord> records) {
        for (var r : records) {
            append(r);
        }
    }

    private void append(LogRecord r) {
        if (r.idx() != size + 1) {
            throw new IllegalArgumentException("record " + r.idx() + " cannot follow " + size);
        }
        byte[] position = (r.epoch() + "." + r.idx()).getBytes(US_ASCII);
        int length = idStart.length + position.length + DATA.length + r.chunk().length + 2;
        makeRoom(length);
        int from = used;
        put(idStart);
        put(position);
        put(DATA);
        int chunkFrom = used;
        putOnOneLine(r.chunk());
        page[used++] = '\n';
        page[used++] = '\n';
        if (size == frames.length) {
            frames = Arrays.copyOf(frames, size * 2);
        }
        frames[size++] = new Frame(r.idx(), r.epoch(), page, from, used, chunkFrom);
    }

    void truncate(int to) {
        if (to < size) {
            frames = Arrays.copyOf(Arrays.copyOf(frames, to), Math.max(16, to));
            size = to;
            page = new byte[0];
            used = 0;
        }
    }

    private void makeRoom(int length) {
        if (page.length - used < length) {
            page = new byte[Math.max(length, nextPage)];
            used = 0;
            nextPage = Math.min(nextPage * 2, FULL_PAGE);
        }
    }

    /** Line ends are mere white space in JSON; as a space they cannot begin a frame of their own. */
    private void putOnOneLine(byte[] json) {
        for (byte b : json) {
            page[used++] = b == '\n' || b == '\r' ? (byte) ' ' : b;
        }
    }

    private void put(byte[] bytes) {
        System.arraycopy(bytes, 0, page, used, bytes.length);
        used += bytes.length;
    }
}
