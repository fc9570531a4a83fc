package dev.continuo.log;

import java.util.Comparator;
import java.util.TreeSet;

/** Batches that came before their turn. Bounded: the lowest leave first, because those PostgreSQL has soonest. */
final class HeldBatches {
    static final int MOST_RECORDS = 1_000;
    static final int MOST_BYTES = 1 << 20;

    private final TreeSet<LiveMessage.Batch> batches = new TreeSet<>(Comparator.comparingLong(LiveMessage.Batch::epoch)
            .thenComparingInt(LiveMessage.Batch::first)
            .thenComparingInt(LiveMessage.Batch::last)
            .thenComparing(LiveMessage.Batch::claim8));
    private int records;
    private long bytes;

    void add(LiveMessage.Batch batch) {
        if (!batches.add(batch)) {
            return;
        }
        count(batch, 1);
        while (batches.size() > 1 && (records > MOST_RECORDS || bytes > MOST_BYTES)) {
            count(batches.pollFirst(), -1);
        }
    }

    /** Takes away the first that is not of a later epoch. */
    LiveMessage.Batch poll(long epoch) {
        if (batches.isEmpty() || batches.first().epoch() > epoch) {
            return null;
        }
        var batch = batches.pollFirst();
        count(batch, -1);
        return batch;
    }

    void clear() {
        batches.clear();
        records = 0;
        bytes = 0;
    }

    int records() {
        return records;
    }

    private void count(LiveMessage.Batch batch, int sign) {
        records += sign * batch.records().size();
        for (var r : batch.records()) {
            bytes += sign * r.size();
        }
    }
}
