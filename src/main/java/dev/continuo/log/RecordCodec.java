package dev.continuo.log;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Records as NDJSON, one line each: {@code {"chunk":{…}}} or {@code {"meta":{…},"chunk":{…}}}. Encoding and decoding
 * copy bytes and never parse JSON, because a chunk is already JSON when it gets here; the line says how long its meta
 * is by a leading {@code "n"}: {@code {"n":12,"meta":{…},"chunk":{…}}}.
 */
public final class RecordCodec {
    private static final byte[] CHUNK = bytes("{\"chunk\":");
    private static final byte[] META_LENGTH = bytes("{\"n\":");
    private static final byte[] META = bytes(",\"meta\":");
    private static final byte[] CHUNK_AFTER_META = bytes(",\"chunk\":");
    private static final byte[] END = bytes("}\n");

    private RecordCodec() {}

    public static byte[] encode(List<LogRecord> records) {
        int size = 0;
        for (var r : records) {
            size += r.size();
        }
        var out = new ByteArrayOutputStream(size);
        for (var r : records) {
            if (r.hasMeta()) {
                out.writeBytes(META_LENGTH);
                out.writeBytes(bytes(Integer.toString(r.meta().length)));
                out.writeBytes(META);
                out.writeBytes(r.meta());
                out.writeBytes(CHUNK_AFTER_META);
            } else {
                out.writeBytes(CHUNK);
            }
            out.writeBytes(oneLine(r));
            out.writeBytes(END);
        }
        return out.toByteArray();
    }

    /** The records of a segment. */
    public static List<LogRecord> decode(Segment segment) {
        var records = decode(segment.payload(), segment.first(), segment.epoch());
        if (records.size() != segment.last() - segment.first() + 1) {
            throw new IllegalArgumentException(
                    "segment " + segment.first() + ".." + segment.last() + " holds " + records.size() + " records");
        }
        return records;
    }

    /**
     * The records of a payload whose first one is {@code first}, all written by {@code epoch}.
     *
     * @throws IllegalArgumentException where the payload is not what {@link #encode} writes
     */
    public static List<LogRecord> decode(byte[] payload, int first, long epoch) {
        var records = new ArrayList<LogRecord>();
        int at = 0;
        while (at < payload.length) {
            int end = at;
            while (end < payload.length && payload[end] != '\n') {
                end++;
            }
            if (end == payload.length) {
                throw new IllegalArgumentException(
                        "record " + (first + records.size()) + " is not a line of this log: it has no end");
            }
            records.add(line(payload, at, end, first + records.size(), epoch));
            at = end + 1;
        }
        return records;
    }

    /** A raw line break would tear the record in two for everyone who reads it later. */
    private static byte[] oneLine(LogRecord r) {
        for (byte b : r.chunk()) {
            if (b == '\n') {
                throw new IllegalArgumentException("record " + r.idx() + " has a line break in its chunk");
            }
        }
        return r.chunk();
    }

    private static LogRecord line(byte[] p, int at, int end, int idx, long epoch) {
        if (end - at < CHUNK.length + 2 || p[end - 1] != '}') {
            throw new IllegalArgumentException("record " + idx + " is not a line of this log");
        }
        if (startsWith(p, at, end, CHUNK)) {
            return new LogRecord(idx, epoch, Arrays.copyOfRange(p, at + CHUNK.length, end - 1));
        }
        if (!startsWith(p, at, end, META_LENGTH)) {
            throw new IllegalArgumentException("record " + idx + " is not a line of this log");
        }
        int digits = at + META_LENGTH.length;
        int length = 0;
        while (digits < end && p[digits] >= '0' && p[digits] <= '9' && length < end) {
            length = length * 10 + p[digits++] - '0';
        }
        int meta = digits + META.length;
        int chunk = meta + length + CHUNK_AFTER_META.length;
        if (chunk >= end || !startsWith(p, digits, end, META) || !startsWith(p, meta + length, end, CHUNK_AFTER_META)) {
            throw new IllegalArgumentException("record " + idx + " is not a line of this log");
        }
        return new LogRecord(
                idx, epoch, Arrays.copyOfRange(p, chunk, end - 1), Arrays.copyOfRange(p, meta, meta + length));
    }

    private static boolean startsWith(byte[] p, int at, int end, byte[] prefix) {
        return end - at > prefix.length && Arrays.equals(p, at, at + prefix.length, prefix, 0, prefix.length);
    }

    private static byte[] bytes(String s) {
        return s.getBytes(StandardCharsets.UTF_8);
    }
}
