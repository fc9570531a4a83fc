package dev.continuo.live;

import dev.continuo.log.LiveMessage.Delivered;
import dev.continuo.nats.NatsFacts;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a run's messages from the leader of the stream. A few are fetched one by one, which needs no state on the
 * broker; more come through a short-lived pull consumer.
 */
final class Replay {
    private static final int NO_MESSAGE = 10037;
    private static final int ONE_BY_ONE = 8;
    private static final int BATCH = 256;
    private static final Duration BATCH_WITHIN = Duration.ofSeconds(2);

    private final JetStreamOptions options;
    private final NatsFacts facts;

    Replay(JetStreamOptions options, NatsFacts facts) {
        this.options = options;
        this.facts = facts;
    }

    Optional<Delivered> last(Connection connection, String subject) throws IOException, JetStreamApiException {
        var last = found(() -> connection.jetStreamManagement(options).getLastMessage(StreamSettings.STREAM, subject));
        return last.isEmpty()
                ? Optional.empty()
                : Optional.of(new Delivered(
                        last.get().getSeq(),
                        new Wire(last.get().getHeaders(), last.get().getData()).message()));
    }

    List<Delivered> after(Connection connection, String subject, long afterSeq)
            throws IOException, JetStreamApiException, InterruptedException {
        var management = connection.jetStreamManagement(options);
        var last = found(() -> management.getLastMessage(StreamSettings.STREAM, subject));
        if (last.isEmpty() || last.get().getSeq() == afterSeq) {
            return List.of();
        }
        long end = last.get().getSeq();
        long from = end < afterSeq ? 1 : afterSeq + 1;
        var messages = new ArrayList<Delivered>();
        for (int i = 0; i < ONE_BY_ONE && from <= end; i++) {
            var next = next(management, subject, from);
            if (next.isEmpty()) {
                return messages;
            }
            add(
                    messages,
                    next.get().getSeq(),
                    next.get().getHeaders(),
                    next.get().getData());
            from = next.get().getSeq() + 1;
        }
        if (from <= end) {
            pull(connection, subject, from, end, messages);
        }
        return messages;
    }

    private void pull(Connection connection, String subject, long from, long end, List<Delivered> messages)
            throws IOException, JetStreamApiException, InterruptedException {
        var consumer = ConsumerConfiguration.builder()
                .filterSubject(subject)
                .deliverPolicy(DeliverPolicy.ByStartSequence)
                .startSequence(from)
                .ackPolicy(AckPolicy.None)
                .memStorage(true)
                .numReplicas(1)
                .inactiveThreshold(Duration.ofSeconds(10))
                .build();
        var subscription = connection
                .jetStream(options)
                .subscribe(
                        null,
                        PullSubscribeOptions.builder().stream(StreamSettings.STREAM)
                                .configuration(consumer)
                                .build());
        try {
            long left = subscription.getConsumerInfo().getCalculatedPending();
            while (left > 0) {
                var batch = subscription.fetch((int) Math.min(left, BATCH), BATCH_WITHIN);
                if (batch.isEmpty()) {
                    throw new IOException("a replay of " + subject + " stalled with " + left + " messages to come");
                }
                for (var m : batch) {
                    long seq = m.metaData().streamSequence();
                    add(messages, seq, m.getHeaders(), m.getData());
                    if (seq >= end) {
                        return;
                    }
                }
                left -= batch.size();
            }
        } finally {
            subscription.unsubscribe();
        }
    }

    private void add(List<Delivered> messages, long seq, Headers headers, byte[] payload) {
        try {
            messages.add(new Delivered(seq, new Wire(headers, payload).message()));
        } catch (IllegalArgumentException e) {
            facts.failed("a replayed message was unusable", e, "its readers fill the hole");
        }
    }

    private static Optional<MessageInfo> next(JetStreamManagement management, String subject, long from)
            throws IOException, JetStreamApiException {
        return found(() -> management.getNextMessage(StreamSettings.STREAM, from, subject));
    }

    private interface Get {
        MessageInfo message() throws IOException, JetStreamApiException;
    }

    private static Optional<MessageInfo> found(Get get) throws IOException, JetStreamApiException {
        try {
            return Optional.of(get.message());
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == NO_MESSAGE) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
