package dev.continuo.attach;

import java.io.IOException;
import java.util.Arrays;

/**
 * Frames on their way to one client in one write. Neighbours on a page are passed on as they lie, without a copy;
 * anything else is gathered. Used by one thread.
 */
public final class Batch {
    /** More than this is left for the next write, so that a client far behind does not cost memory. */
    static final int FULL = 64 << 10;

    private byte[] bytes;
    private int from;
    private int to;
    private boolean own;

    public boolean isEmpty() {
        return from == to;
    }

    public boolean full() {
        return to - from >= FULL;
    }

    public void add(Frame f) {
        add(f.page(), f.from(), f.to());
    }

    public void add(byte[] frame) {
        add(frame, 0, frame.length);
    }

    private void add(byte[] more, int start, int end) {
        if (isEmpty()) {
            bytes = more;
            from = start;
            to = end;
            own = false;
        } else if (more == bytes && start == to) {
            to = end;
        } else {
            gather(end - start);
            System.arraycopy(more, start, bytes, to, end - start);
            to += end - start;
        }
    }

    private void gather(int more) {
        int size = to - from;
        if (!own || bytes.length - to < more) {
            bytes = Arrays.copyOfRange(bytes, from, from + Math.max(size + more, own ? size * 2 : size + more));
            from = 0;
            to = size;
            own = true;
        }
    }

    void writeTo(ByteSink sink) throws IOException {
        if (!isEmpty()) {
            sink.write(bytes, from, to);
            clear();
        }
    }

    void clear() {
        bytes = null;
        from = 0;
        to = 0;
        own = false;
    }
}
