package dev.continuo.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads the stamps {@code SEQ@EPOCHNANOS} that the scripted provider puts into every chunk, wherever they are in the
 * stream and however the stream is cut into pieces, and checks that 1, 2, 3, … come once each and in order. It looks at
 * eight bytes at a time, because at full speed nothing but this may cost the client anything.
 */
final class Stamps {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ATS = 0x4040404040404040L;
    private static final long LOW = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;
    private static final byte[] TERMINAL = "event: terminal".getBytes(US_ASCII);
    private static final int NANO_DIGITS = 19;
    /** Longer than a stamp and than the beginning of a terminal. */
    private static final int KEPT = 48;

    private final Latencies latencies;
    private byte[] kept = {};
    private long last;
    private long stamps;
    private long missing;
    private long doubled;
    private boolean terminal;

    Stamps(Latencies latencies) {
        this.latencies = latencies;
    }

    /** A piece of the stream that arrived at {@code epochNanos}. */
    void feed(byte[] bytes, int from, int to, long epochNanos) {
        if (kept.length == 0) {
            scan(bytes, from, to, epochNanos);
        } else {
            byte[] joined = Arrays.copyOf(kept, kept.length + to - from);
            System.arraycopy(bytes, from, joined, kept.length, to - from);
            kept = new byte[0];
            scan(joined, 0, joined.length, epochNanos);
        }
    }

    private void scan(byte[] b, int from, int to, long now) {
        int rest = from;
        for (int at = next(b, from, to); at < to; at = next(b, at + 1, to)) {
            if (to - at > NANO_DIGITS) {
                rest = stamp(b, rest, at, now);
            }
        }
        if (!terminal && holds(b, rest, to, TERMINAL)) {
            terminal = true;
        }
        kept = Arrays.copyOfRange(b, Math.max(rest, to - KEPT), to);
    }

    /** @return where to go on: behind the stamp, or where we were if it was none */
    private int stamp(byte[] b, int from, int at, long now) {
        long seq = 0;
        long scale = 1;
        int i = at - 1;
        for (; i >= from && b[i] >= '0' && b[i] <= '9'; i--, scale *= 10) {
            seq += (b[i] - '0') * scale;
        }
        long sent = 0;
        for (int k = at + 1; k <= at + NANO_DIGITS; k++) {
            if (b[k] < '0' || b[k] > '9') {
                return from;
            }
            sent = sent * 10 + b[k] - '0';
        }
        if (i == at - 1) {
            return from;
        }
        count(seq);
        latencies.add(now - sent);
        return at + 1 + NANO_DIGITS;
    }

    private void count(long seq) {
        stamps++;
        if (seq <= last) {
            doubled++;
        } else {
            missing += seq - last - 1;
            last = seq;
        }
    }

    private static int next(byte[] b, int from, int to) {
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            long x = (long) LONGS.get(b, i) ^ ATS;
            long hit = (x - LOW) & ~x & HIGH;
            if (hit != 0) {
                return i + (Long.numberOfTrailingZeros(hit) >>> 3);
            }
        }
        while (i < to && b[i] != '@') {
            i++;
        }
        return i;
    }

    private static boolean holds(byte[] b, int from, int to, byte[] what) {
        for (int i = from; i + what.length <= to; i++) {
            if (b[i] == what[0] && Arrays.equals(b, i, i + what.length, what, 0, what.length)) {
                return true;
            }
        }
        return false;
    }

    long last() {
        return last;
    }

    long stamps() {
        return stamps;
    }

    long missing() {
        return missing;
    }

    long doubled() {
        return doubled;
    }

    boolean terminal() {
        return terminal;
    }
}
