package dev.continuo.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.continuo.log.LogRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The records that only the transaction of a terminal writes, so that nobody sees an end that is not stored:
 * {@code [start,] [error | abort,] finish}. */
final class LastRecords {
    private LastRecords() {}

    static List<LogRecord> of(Outcome outcome, UUID answerId, List<LogRecord> log, long epoch) {
        var chunks = new ArrayList<ObjectNode>();
        if (log.isEmpty()) {
            chunks.add(chunk("start").put("messageId", answerId.toString()));
        }
        switch (outcome.state()) {
            case FAILED ->
                chunks.add(chunk("error").put("errorText", outcome.errorText().orElse("The run failed.")));
            case CANCELLED -> chunks.add(chunk("abort"));
            case COMPLETED, WAITING, READY, RUNNING, PAUSED -> {}
        }
        chunks.add(chunk("finish").put("finishReason", outcome.finishReason()));
        var records = new ArrayList<LogRecord>();
        int idx = log.isEmpty() ? 0 : log.getLast().idx();
        for (ObjectNode chunk : chunks) {
            records.add(new LogRecord(++idx, epoch, chunk.toString().getBytes(StandardCharsets.UTF_8)));
        }
        return records;
    }

    private static ObjectNode chunk(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }
}
