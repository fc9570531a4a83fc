package dev.continuo.log;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What an Open keeps of its predecessor.
 *
 * @param base the last idx that the new epoch keeps: committed or adopted
 * @param records shown by readers but not committed, with the epoch that wrote them
 * @param jsSeq the sequence of the last message whose records all lie at or below {@code base}
 * @param voided the highest idx above the base that stood on the subject; empty if none
 * @param voidedUnknown true where the bus could not be read, or has lost what it held
 * @param lastSeq the last sequence seen on the subject, which the marker expects; 0 where none
 */
public record Adoption(
        int base,
        List<LogRecord> records,
        OptionalLong jsSeq,
        OptionalInt voided,
        boolean voidedUnknown,
        long lastSeq) {
    public Adoption {
        records = List.copyOf(records);
    }

    /** The adopted records as a segment, which bears the epoch that wrote them. */
    public Optional<Segment> segment() {
        return Segment.of(records, jsSeq);
    }
}
