package dev.continuo.live;

import dev.continuo.log.LiveMessage;
import dev.continuo.log.LiveMessage.Batch;
import dev.continuo.log.LiveMessage.Marker;
import dev.continuo.log.RecordCodec;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A message as headers and bytes. A batch's payload is {@link RecordCodec} NDJSON; a marker has count 0, its first idx
 * is the one after its base, and its payload is the reason.
 */
record Wire(Headers headers, byte[] payload) {
    private static final String EPOCH = "Continuo-Epoch";
    private static final String CLAIM = "Continuo-Claim";
    private static final String FIRST = "Continuo-First";
    private static final String COUNT = "Continuo-Count";
    private static final Pattern CLAIM8 = Pattern.compile("[0-9a-f]{8}");

    static Wire of(LiveMessage message) {
        return switch (message) {
            case Batch b -> new Wire(headers(b, b.first(), b.records().size()), RecordCodec.encode(b.records()));
            case Marker m -> new Wire(headers(m, m.base() + 1, 0), m.reason().getBytes(StandardCharsets.UTF_8));
        };
    }

    /** A resend has the same id, a fork or another owner never has. */
    static String messageId(UUID run, LiveMessage message) {
        var author = run + ":" + message.epoch() + ":" + message.claim8() + ":";
        return switch (message) {
            case Batch b -> author + b.first();
            case Marker _ -> author + "m";
        };
    }

    /** @throws IllegalArgumentException where this is no message of ours */
    LiveMessage message() {
        long epoch = number(EPOCH);
        int first = Math.toIntExact(number(FIRST));
        long count = number(COUNT);
        var claim8 = header(CLAIM);
        if (epoch < 1 || first < 1 || !CLAIM8.matcher(claim8).matches()) {
            throw new IllegalArgumentException("not a message of a run: epoch " + epoch + ", first " + first);
        }
        if (count == 0) {
            return new Marker(epoch, claim8, first - 1, new String(payload, StandardCharsets.UTF_8));
        }
        try {
            var records = RecordCodec.decode(payload, first, epoch);
            if (records.size() != count) {
                throw new IllegalArgumentException(records.size() + " records where the header says " + count);
            }
            return new Batch(epoch, claim8, records);
        } catch (IndexOutOfBoundsException | NegativeArraySizeException e) {
            throw new IllegalArgumentException("a payload that is no NDJSON of records", e);
        }
    }

    private static Headers headers(LiveMessage message, int first, int count) {
        return new Headers()
                .put(EPOCH, Long.toString(message.epoch()))
                .put(CLAIM, message.claim8())
                .put(FIRST, Integer.toString(first))
                .put(COUNT, Integer.toString(count));
    }

    private long number(String name) {
        return Long.parseLong(header(name));
    }

    private String header(String name) {
        var value = headers == null ? null : headers.getFirst(name);
        if (value == null) {
            throw new IllegalArgumentException("a message without the header " + name);
        }
        return value;
    }
}
