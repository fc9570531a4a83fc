package dev.continuo.live;

import dev.continuo.log.LiveMessage;
import dev.continuo.log.LogRecord;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;

/** Messages for tests. */
final class LiveMessages {
    private LiveMessages() {}

    static LiveMessage batch(long epoch, int first, int count) {
        return new LiveMessage.Batch(
                epoch,
                "abcdef0" + epoch,
                IntStream.range(first, first + count)
                        .mapToObj(idx -> new LogRecord(idx, epoch, chunk(idx)))
                        .toList());
    }

    static LiveMessage marker(long epoch, int base) {
        return new LiveMessage.Marker(epoch, "abcdef0" + epoch, base, "takeover");
    }

    static long stored(PublishResult result) {
        return switch (result) {
            case PublishResult.Stored s -> s.seq();
            case PublishResult.Refused _, PublishResult.Unavailable _ -> throw new AssertionError(result);
        };
    }

    private static byte[] chunk(int idx) {
        return ("{\"type\":\"text-delta\",\"id\":\"t1\",\"delta\":\"chunk-" + idx + " \"}")
                .getBytes(StandardCharsets.UTF_8);
    }
}
