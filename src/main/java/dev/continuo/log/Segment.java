package dev.continuo.log;

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
}
