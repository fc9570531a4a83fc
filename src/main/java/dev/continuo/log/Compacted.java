package dev.continuo.log;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Records with adjacent deltas of one part joined, for clients that catch up. A joined record bears the idx and epoch
 * of the last one it contains, so a client that is cut anywhere in between resumes exactly. Joining copies bytes: an
 * escaped JSON string may be continued by another one.
 */
public final class Compacted {
    private static final List<byte[][]> FORMS = List.of(
            form("{\"type\":\"text-delta\",\"id\":\"", "\",\"delta\":\""),
            form("{\"type\":\"reasoning-delta\",\"id\":\"", "\",\"delta\":\""),
            form("{\"type\":\"tool-input-delta\",\"toolCallId\":\"", "\",\"inputTextDelta\":\""));
    private static final byte[] CLOSING = "\"}".getBytes(StandardCharsets.US_ASCII);

    private final List<LogRecord> out = new ArrayList<>();
    private byte[] part = {};
    private LogRecord last;
    private ByteArrayOutputStream joined;

    private Compacted() {}

    public static List<LogRecord> fold(Iterable<LogRecord> records) {
        var fold = new Compacted();
        records.forEach(fold::add);
        fold.close();
        return fold.out;
    }

    private void add(LogRecord r) {
        int at = textStart(r.chunk());
        if (at < 0 || r.hasMeta()) {
            close();
            out.add(r);
            return;
        }
        if (last == null || !Arrays.equals(part, 0, part.length, r.chunk(), 0, at)) {
            close();
            part = Arrays.copyOf(r.chunk(), at);
            last = r;
            return;
        }
        if (joined == null) {
            joined = new ByteArrayOutputStream();
            joined.write(last.chunk(), 0, last.chunk().length - CLOSING.length);
        }
        joined.write(r.chunk(), at, r.chunk().length - at - CLOSING.length);
        last = r;
    }

    private void close() {
        if (joined != null) {
            joined.writeBytes(CLOSING);
            out.add(new LogRecord(last.idx(), last.epoch(), joined.toByteArray()));
        } else if (last != null) {
            out.add(last);
        }
        last = null;
        joined = null;
    }

    /** Where the text of a delta begins that looks exactly as {@link Chunks} writes it; -1 for anything else. */
    private static int textStart(byte[] chunk) {
        for (var form : FORMS) {
            if (matches(chunk, 0, form[0])) {
                int id = closingQuote(chunk, form[0].length);
                if (id < 0 || !matches(chunk, id, form[1])) {
                    return -1;
                }
                int text = id + form[1].length;
                return closingQuote(chunk, text) == chunk.length - CLOSING.length ? text : -1;
            }
        }
        return -1;
    }

    private static int closingQuote(byte[] chunk, int from) {
        for (int i = from; i < chunk.length; i++) {
            if (chunk[i] == '\\') {
                i++;
            } else if (chunk[i] == '"') {
                return i;
            }
        }
        return -1;
    }

    private static boolean matches(byte[] chunk, int at, byte[] form) {
        return chunk.length - at >= form.length && Arrays.equals(chunk, at, at + form.length, form, 0, form.length);
    }

    private static byte[][] form(String opening, String middle) {
        return new byte[][] {opening.getBytes(StandardCharsets.US_ASCII), middle.getBytes(StandardCharsets.US_ASCII)};
    }
}
