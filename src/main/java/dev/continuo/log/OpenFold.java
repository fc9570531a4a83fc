package dev.continuo.log;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What an Open adopts: the records above the committed ones that a reader, by its own rules, has shown or would show.
 * So what is on the screen stays on the screen.
 */
public final class OpenFold {
    private OpenFold() {}

    /**
     * @param snapshot read after the claim, so that it can no longer change
     * @param beyond the run's subject after the {@code js_seq} of the last segment, up to its last message
     */
    public static Adoption fold(RunSnapshot snapshot, List<LiveMessage.Delivered> beyond) {
        int committed = snapshot.committedIdx();
        var reader = RunReader.after(committed, snapshot);
        var adopted = new ArrayList<LogRecord>();
        int highest = committed;
        for (var delivered : beyond) {
            if (delivered.message() instanceof LiveMessage.Batch batch && batch.epoch() <= snapshot.openedEpoch()) {
                reader.onMessage(batch).forEach(step -> {
                    if (step instanceof Step.Emit(var records)) {
                        adopted.addAll(records);
                    }
                });
                highest = Math.max(highest, batch.last());
            }
        }
        int base = reader.lastIdx();
        long asked = reader.replayAfter().orElse(0);
        return new Adoption(
                base,
                adopted,
                lastAtOrBelow(base, beyond),
                highest > base ? OptionalInt.of(highest) : OptionalInt.empty(),
                beyond.stream().anyMatch(d -> d.seq() <= asked),
                beyond.isEmpty() ? asked : beyond.getLast().seq());
    }

    /** Where the bus is away: nothing is adopted, and nobody knows what was shown. */
    public static Adoption withoutBus(RunSnapshot snapshot) {
        return new Adoption(snapshot.committedIdx(), List.of(), OptionalLong.empty(), OptionalInt.empty(), true, 0);
    }

    private static OptionalLong lastAtOrBelow(int base, List<LiveMessage.Delivered> beyond) {
        OptionalLong seq = OptionalLong.empty();
        for (var delivered : beyond) {
            if (delivered.message() instanceof LiveMessage.Batch batch && batch.last() > base) {
                break;
            }
            seq = OptionalLong.of(delivered.seq());
        }
        return seq;
    }
}
