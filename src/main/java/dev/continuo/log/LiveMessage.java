package dev.continuo.log;

import java.util.List;
import java.util.UUID;

/** What travels on a run's subject: batches of records, and the marker that announces a new epoch. */
public sealed interface LiveMessage {
    long epoch();

    /** The first 8 hex digits of the claim id: with the epoch it names the author, also after a failover. */
    String claim8();

    static String claim8(UUID claimId) {
        return claimId.toString().substring(0, 8);
    }

    /** Consecutive records of one epoch; {@code records} is never empty. */
    record Batch(long epoch, String claim8, List<LogRecord> records) implements LiveMessage {
        public Batch {
            records = List.copyOf(records);
            if (records.isEmpty()) {
                throw new IllegalArgumentException("a batch has at least one record");
            }
        }

        public int first() {
            return records.getFirst().idx();
        }

        public int last() {
            return records.getLast().idx();
        }
    }

    /** Epoch {@code epoch} voids every idx above {@code base} that a smaller epoch wrote. */
    record Marker(long epoch, String claim8, int base, String reason) implements LiveMessage {}

    /** A message with its place in the stream. */
    record Delivered(long seq, LiveMessage message) {}
}
