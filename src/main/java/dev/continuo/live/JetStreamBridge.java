package dev.continuo.live;

import dev.continuo.live.PublishResult.Refused;
import dev.continuo.live.PublishResult.Stored;
import dev.continuo.live.PublishResult.Unavailable;
import dev.continuo.log.LiveMessage;
import dev.continuo.log.LiveMessage.Delivered;
import dev.continuo.nats.NatsConnections;
import dev.continuo.nats.NatsFacts;
import dev.continuo.nats.Subjects;
import dev.continuo.node.Deadlines;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamOptions;
import io.nats.client.PublishOptions;
import io.nats.client.PurgeOptions;
import io.nats.client.api.PublishAck;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** The live log on JetStream. */
@Singleton
public final class JetStreamBridge implements LiveLog {
    /** "Wrong last sequence"; newer servers have a second number for it. */
    private static final Set<Integer> WRONG_LAST_SEQUENCE = Set.of(10071, 10164);

    private final NatsConnections connections;
    private final StreamSettings settings;
    private final StreamKeeper stream;
    private final NatsFacts facts;
    private final JetStreamOptions options;
    private final Replay replay;
    private final Follows follows;
    private volatile Publishing publisher;

    @Inject
    JetStreamBridge(NatsConnections connections, StreamSettings settings, StreamKeeper stream) {
        this.connections = connections;
        this.settings = settings;
        this.stream = stream;
        this.facts = connections.facts();
        this.options = JetStreamOptions.builder()
                .requestTimeout(settings.requestTimeout())
                .build();
        this.replay = new Replay(options, facts);
        this.follows = new Follows(connections.tails(), facts, settings.requestTimeout());
    }

    /** Outside a container. */
    public static JetStreamBridge on(NatsConnections connections) {
        return on(connections, new StreamSettings());
    }

    static JetStreamBridge on(NatsConnections connections, StreamSettings settings) {
        return new JetStreamBridge(
                connections, settings, new StreamKeeper(connections, new StreamSetup(connections, settings)));
    }

    /** Makes the container create this at start. */
    void start(@Observes @Initialized(ApplicationScoped.class) Object application) {}

    @Override
    public PublishResult publish(UUID thread, UUID run, LiveMessage message, long expectedSeq) {
        var wire = Wire.of(message);
        if (wire.payload().length > MAX_PAYLOAD) {
            throw new IllegalArgumentException(
                    "a message of run " + run + " has " + wire.payload().length + " bytes, at most " + MAX_PAYLOAD);
        }
        var connection = connections.producers().connection();
        if (connection.isEmpty()) {
            return new Unavailable("NATS is not connected");
        }
        var fence = PublishOptions.builder()
                .messageId(Wire.messageId(run, message))
                .expectedLastSubjectSequence(expectedSeq)
                .build();
        try {
            var sent = publisher(connection.get())
                    .publishAsync(Subjects.log(thread, run), wire.headers(), wire.payload(), fence);
            return new Stored(answer(sent).getSeqno());
        } catch (JetStreamApiException e) {
            if (WRONG_LAST_SEQUENCE.contains(e.getApiErrorCode())) {
                return new Refused();
            }
            return unavailable(e);
        } catch (IOException | IllegalStateException e) {
            return unavailable(e);
        }
    }

    private PublishAck answer(CompletableFuture<PublishAck> sent) throws IOException, JetStreamApiException {
        try (var _ = Deadlines.in(settings.requestTimeout(), () -> sent.cancel(false))) {
            return sent.get();
        } catch (CancellationException e) {
            throw new IOException("no acknowledgement within " + settings.requestTimeout(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted before the acknowledgement", e);
        } catch (ExecutionException e) {
            throw refusal(e);
        }
    }

    /** The client library wraps what the server answered into a {@code RuntimeException}. */
    private static IOException refusal(ExecutionException e) throws JetStreamApiException {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof JetStreamApiException answered) {
                throw answered;
            }
        }
        return new IOException("not acknowledged", e.getCause());
    }

    @Override
    public Optional<Delivered> last(UUID thread, UUID run) throws LiveUnavailable {
        return reading(c -> replay.last(c, Subjects.log(thread, run)));
    }

    @Override
    public List<Delivered> replay(UUID thread, UUID run, long afterSeq) throws LiveUnavailable {
        return reading(c -> replay.after(c, Subjects.log(thread, run), afterSeq));
    }

    @Override
    public Follow follow(UUID thread, UUID run, Consumer<Delivered> sink) {
        var follow = follows.follow(Subjects.live(thread, run), sink);
        if (healthy()) {
            follows.confirm();
        }
        return follow;
    }

    @Override
    public void forget(UUID thread) throws LiveUnavailable {
        reading(c -> c.jetStreamManagement(options)
                .purgeStream(StreamSettings.STREAM, PurgeOptions.subject(Subjects.logs(thread))));
    }

    @Override
    public boolean healthy() {
        return connections.connected() && stream.found();
    }

    /** Made once per connection: each making parses the server's version. */
    private JetStream publisher(Connection connection) throws IOException {
        var known = publisher;
        if (known == null || known.connection() != connection) {
            known = new Publishing(connection, connection.jetStream(options));
            publisher = known;
        }
        return known.stream();
    }

    private record Publishing(Connection connection, JetStream stream) {}

    private Unavailable unavailable(Exception e) {
        facts.failed("a publish to JetStream failed", e, "it is resent; PostgreSQL has it anyway");
        stream.missed();
        return new Unavailable(String.valueOf(e.getMessage()));
    }

    private interface Read<T> {
        T from(Connection connection) throws IOException, JetStreamApiException, InterruptedException;
    }

    private <T> T reading(Read<T> read) throws LiveUnavailable {
        var connection =
                connections.tails().connection().orElseThrow(() -> new LiveUnavailable("NATS is not connected"));
        try {
            return read.from(connection);
        } catch (IOException | JetStreamApiException | IllegalStateException | IllegalArgumentException e) {
            facts.failed("a read from JetStream failed", e, "PostgreSQL is read instead");
            stream.missed();
            throw new LiveUnavailable("a read from JetStream failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LiveUnavailable("interrupted while reading from JetStream", e);
        }
    }
}
