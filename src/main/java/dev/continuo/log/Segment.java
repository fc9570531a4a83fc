package dev.continuo.log;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A committed slice of a run's log.
 *
 * @param jsSeq the stream sequence of the last acknowledged message whose records all lie at or below {@code last};
 *     empty where none was acknowledged
 * @param payload NDJSON, see {@link RecordCodec}
 */
public record Segment(int first, int last, long epoch, OptionalLong jsSeq, byte[] payload) {
    public Segment {
        if (first < 1 || last < first) {
            throw new IllegalArgumentException("a segment holds at least one record: " + first + ".." + last);
        }
    }

    /** Consecutive records of one epoch as a segment; empty where there are none. */
    public static Optional<Segment> of(List<LogRecord> records, OptionalLong jsSeq) {
        return records.isEmpty()
                ? Optional.empty()
                : Optional.of(new Segment(
                        records.getFirst().idx(),
                        records.getLast().idx(),
                        records.getFirst().epoch(),
                        jsSeq,
                        RecordCodec.encode(records)));
    }
}
