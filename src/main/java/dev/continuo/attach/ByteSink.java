package dev.continuo.attach;

import java.io.IOException;

/**
 * Write these bytes to one client: all that a stream needs from the platform. Only the stream's own thread calls it;
 * {@link #write} blocks while the client is slow, and throws once it is gone or has stalled for too long.
 */
interface ByteSink extends AutoCloseable {
    /** Whole frames, the first of which begins with a line {@code id:}, {@code event:}, {@code retry:} or a comment. */
    void write(byte[] bytes, int from, int to) throws IOException;

    /** A clean end; never fails. */
    @Override
    void close();
}
