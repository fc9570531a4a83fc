package dev.continuo.web;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body that fails with 413 at the first byte beyond its limit. */
final class BoundedStream extends FilterInputStream {
    private final int max;
    private long left;

    BoundedStream(InputStream in, int max) {
        super(in);
        this.max = max;
        this.left = max;
    }

    static Problem tooLarge(int max) {
        return Problem.of(
                413, "body_too_large", "The body is larger than " + max + " bytes. Send less, or send it in parts.");
    }

    @Override
    public int read() throws IOException {
        int b = super.read();
        if (b >= 0) {
            count(1);
        }
        return b;
    }

    @Override
    public int read(byte[] to, int at, int length) throws IOException {
        int n = super.read(to, at, length);
        if (n > 0) {
            count(n);
        }
        return n;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void count(int n) {
        left -= n;
        if (left < 0) {
            throw tooLarge(max);
        }
    }
}
