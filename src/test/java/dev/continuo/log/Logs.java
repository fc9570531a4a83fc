package dev.continuo.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/** Short ways to write records, messages and snapshots in tests. */
final class Logs {
    static final UUID RUN = UUID.fromString("00000000-0000-4000-8000-000000000001");
    static final UUID MINE = UUID.fromString("aaaaaaaa-0000-4000-8000-000000000000");
    static final UUID OTHER = UUID.fromString("bbbbbbbb-0000-4000-8000-000000000000");

    private Logs() {}

    static List<LogRecord> records(long epoch, int first, int last) {
        var records = new ArrayList<LogRecord>();
        for (int idx = first; idx <= last; idx++) {
            records.add(new LogRecord(
                    idx,
                    epoch,
                    json("{\"type\":\"text-delta\",\"id\":\"t\",\"delta\":\"" + epoch + "." + idx + "\"}")));
        }
        return records;
    }

    static LiveMessage.Batch batch(long epoch, UUID claim, int first, int last) {
        return new LiveMessage.Batch(epoch, LiveMessage.claim8(claim), records(epoch, first, last));
    }

    static LiveMessage.Marker marker(long epoch, UUID claim, int base) {
        return new LiveMessage.Marker(epoch, LiveMessage.claim8(claim), base, "takeover");
    }

    static Segment segment(long epoch, int first, int last, OptionalLong jsSeq) {
        return Segment.of(records(epoch, first, last), jsSeq).orElseThrow();
    }

    static Segment segment(long epoch, int first, int last) {
        return segment(epoch, first, last, OptionalLong.empty());
    }

    static EpochBase base(long epoch, int base, UUID claim) {
        return new EpochBase(epoch, base, Optional.ofNullable(claim), OptionalInt.empty(), false, "takeover");
    }

    static RunSnapshot running(List<EpochBase> bases, Segment... segments) {
        return snapshot(bases, Optional.empty(), List.of(segments));
    }

    static RunSnapshot finished(List<EpochBase> bases, Segment... segments) {
        int n = segments.length == 0 ? 0 : segments[segments.length - 1].last();
        return snapshot(bases, Optional.of(terminal(bases.getLast().epoch(), n)), List.of(segments));
    }

    /** The segments of a run that finished at n are gone. */
    static RunSnapshot forgotten(List<EpochBase> bases, int n) {
        var last = bases.getLast();
        return new RunSnapshot(
                RUN,
                RUN,
                false,
                last.epoch(),
                last.claim(),
                n,
                bases,
                List.of(),
                Optional.of(terminal(last.epoch(), n)),
                false);
    }

    static Terminal terminal(long epoch, int n) {
        return new Terminal(
                "completed", epoch, n, Optional.empty(), Optional.empty(), RUN, Optional.empty(), Optional.empty());
    }

    static byte[] json(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static RunSnapshot snapshot(List<EpochBase> bases, Optional<Terminal> terminal, List<Segment> segments) {
        return new RunSnapshot(
                RUN,
                RUN,
                bases.isEmpty(),
                bases.isEmpty() ? 0 : bases.getLast().epoch(),
                bases.isEmpty() ? Optional.empty() : bases.getLast().claim(),
                segments.isEmpty() ? 0 : segments.getLast().last(),
                bases,
                segments,
                terminal,
                true);
    }
}
