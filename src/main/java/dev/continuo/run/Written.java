package dev.continuo.run;

import dev.continuo.log.LogRecord;
import java.time.Duration;
import java.util.List;

/**
 * What a run has said so far.
 *
 * @param took from the beginning of the call that wrote the last record to that record's commit, by the database's
 *     clock; zero where the call is not known
 */
public record Written(List<LogRecord> records, Duration took) {
    public Written {
        records = List.copyOf(records);
    }
}
