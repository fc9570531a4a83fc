package dev.continuo.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;

/** One HTTP/1.1 answer whose body is chunked or ends with the connection; the body goes on to {@link Stamps}. */
final class Answer {
    private enum In {
        HEAD,
        SIZE,
        DATA,
        AFTER_DATA,
        PLAIN,
        ENDED
    }

    private final Stamps stamps;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream(512);
    private In in = In.HEAD;
    private int newlines;
    private int status;
    private int size;
    private boolean digits;

    Answer(Stamps stamps) {
        this.stamps = stamps;
    }

    /** 0 until the head is complete. */
    int status() {
        return status;
    }

    boolean ended() {
        return in == In.ENDED;
    }

    void feed(byte[] b, int from, int to, long now) {
        int i = from;
        while (i < to) {
            switch (in) {
                case HEAD -> i = head(b, i, to);
                case SIZE -> size(b[i++]);
                case DATA -> {
                    int n = Math.min(size, to - i);
                    stamps.feed(b, i, i + n, now);
                    i += n;
                    size -= n;
                    in = size == 0 ? In.AFTER_DATA : In.DATA;
                }
                case AFTER_DATA -> in = b[i++] == '\n' ? In.SIZE : In.AFTER_DATA;
                case PLAIN -> {
                    stamps.feed(b, i, to, now);
                    i = to;
                }
                case ENDED -> i = to;
            }
        }
    }

    private int head(byte[] b, int from, int to) {
        for (int i = from; i < to; i++) {
            head.write(b[i]);
            newlines = b[i] == '\n' ? newlines + 1 : b[i] == '\r' ? newlines : 0;
            if (newlines == 2) {
                String text = head.toString(ISO_8859_1).toLowerCase(java.util.Locale.ROOT);
                status = Integer.parseInt(text.substring(9, 12));
                in = text.contains("transfer-encoding: chunked") ? In.SIZE : In.PLAIN;
                return i + 1;
            }
        }
        return to;
    }

    private void size(byte c) {
        if (c == '\n') {
            in = !digits ? In.SIZE : size == 0 ? In.ENDED : In.DATA;
            digits = false;
        } else if (c != '\r') {
            size = (digits ? size * 16 : 0) + Character.digit(c, 16);
            digits = true;
        }
    }
}
