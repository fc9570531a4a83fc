package dev.continuo.attach;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** A client that remembers its bytes, and can stop reading or go away. */
final class FakeSink implements ByteSink {
    private final StringBuilder bytes = new StringBuilder();
    private int writes;
    private volatile CountDownLatch stalled;
    private volatile IOException gone;
    private volatile boolean closed;

    @Override
    public void write(byte[] b, int from, int to) throws IOException {
        var wait = stalled;
        if (wait != null) {
            try {
                wait.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
        if (gone != null) {
            throw gone;
        }
        synchronized (this) {
            bytes.append(new String(b, from, to - from, UTF_8));
            writes++;
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    synchronized String text() {
        return bytes.toString();
    }

    synchronized int writes() {
        return writes;
    }

    boolean closed() {
        return closed;
    }

    void stall() {
        stalled = new CountDownLatch(1);
    }

    void goOn() {
        stalled.countDown();
        stalled = null;
    }

    void goAway(IOException why) {
        gone = why;
    }
}
