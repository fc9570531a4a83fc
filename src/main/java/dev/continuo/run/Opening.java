package dev.continuo.run;

import dev.continuo.log.LogRecord;
import java.util.List;
import java.util.OptionalLong;

/**
 * How a claim begins.
 *
 * @param committedIdx the last idx of the segments when they were read
 * @param adopted records above it that were published and shown but never committed, with the epochs that wrote them
 * @param jsSeq the stream sequence of the last message whose records are all adopted or older
 * @param voided what stood above the base; it may be said later, see {@link Opens#shown}
 */
public record Opening(
        Fence fence,
        String node,
        int committedIdx,
        List<LogRecord> adopted,
        OptionalLong jsSeq,
        Voided voided,
        String reason) {
    public Opening {
        adopted = List.copyOf(adopted);
        int expected = committedIdx;
        for (LogRecord record : adopted) {
            if (record.idx() != ++expected || record.epoch() >= fence.epoch()) {
                throw new IllegalArgumentException(
                        "adopted records follow the committed ones and are of smaller epochs: " + record);
            }
        }
    }

    /** The first claim of a run: nothing can have been shown. */
    public static Opening first(Fence fence, String node) {
        return new Opening(fence, node, 0, List.of(), OptionalLong.empty(), new Voided.Nothing(), "claim");
    }

    public int base() {
        return committedIdx + adopted.size();
    }
}
