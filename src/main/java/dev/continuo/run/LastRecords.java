package dev.continuo.run;

import dev.continuo.log.Chunk;
import dev.continuo.log.Chunks;
import dev.continuo.log.LogRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The records that only the transaction of a terminal writes, so that nobody sees an end that is not stored:
 * {@code [start,] [error | abort,] finish}. */
final class LastRecords {
    private LastRecords() {}

    static List<LogRecord> of(Outcome outcome, UUID answerId, List<LogRecord> log, long epoch) {
        var chunks = new ArrayList<Chunk.Whole>();
        if (log.isEmpty()) {
            chunks.add(Chunks.start(answerId));
        }
        switch (outcome.state()) {
            case FAILED -> chunks.add(Chunks.error(outcome.errorText().orElse("The run failed.")));
            case CANCELLED -> chunks.add(Chunks.abort());
            case COMPLETED, WAITING, READY, RUNNING, PAUSED -> {}
        }
        chunks.add(Chunks.finish(Optional.of(outcome.finishReason())));
        var records = new ArrayList<LogRecord>();
        int idx = log.isEmpty() ? 0 : log.getLast().idx();
        for (Chunk.Whole chunk : chunks) {
            records.add(new LogRecord(++idx, epoch, chunk.json()));
        }
        return records;
    }
}
