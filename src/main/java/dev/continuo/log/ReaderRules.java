package dev.continuo.log;

import java.util.List;
import java.util.Optional;

/** The decisions of a reader, each on its own, so that a test can take one away and show what it is for. */
class ReaderRules {
    static final ReaderRules ALL = new ReaderRules();

    /** R2. */
    boolean isOfThePast(LiveMessage message, long epoch) {
        return message.epoch() < epoch;
    }

    /** R3; everything else of a higher epoch is R4. */
    boolean opensNext(LiveMessage.Marker marker, long epoch, int lastIdx) {
        return marker.epoch() == epoch + 1 && marker.base() <= lastIdx;
    }

    /** Where a reader at {@code lastIdx} stands once a later epoch with this base is known. */
    int rewound(int lastIdx, int base) {
        return Math.min(lastIdx, base);
    }

    /** R5: the records to show now; empty where there is a hole before them. */
    Optional<List<LogRecord>> following(LiveMessage.Batch batch, int lastIdx) {
        if (batch.first() > lastIdx + 1) {
            return Optional.empty();
        }
        return Optional.of(batch.records()
                .subList(
                        Math.min(lastIdx + 1 - batch.first(), batch.records().size()),
                        batch.records().size()));
    }

    /** R5: records behind a hole wait until it is filled. */
    boolean holds(LiveMessage.Batch batch) {
        return true;
    }

    /** R7. */
    boolean believesHints() {
        return false;
    }
}
