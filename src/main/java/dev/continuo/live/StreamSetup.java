package dev.continuo.live;

import dev.continuo.nats.NatsConnections;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.Timeout;

/** Brings the stream into being, or into shape. Says so by an exception where it cannot. */
@ApplicationScoped
class StreamSetup {
    private static final int NOT_FOUND = 404;

    private final NatsConnections connections;
    private final StreamSettings settings;

    @Inject
    StreamSetup(NatsConnections connections, StreamSettings settings) {
        this.connections = connections;
        this.settings = settings;
    }

    /** For the client proxy only. */
    StreamSetup() {
        this(null, null);
    }

    /** Retried, because a broker that has just started answers before its storage is there. */
    @Retry(maxRetries = 2, delay = 200, jitter = 100, maxDuration = 8, durationUnit = ChronoUnit.SECONDS)
    @Timeout(value = 5, unit = ChronoUnit.SECONDS)
    public void ensure() throws IOException, JetStreamApiException {
        var connection =
                connections.producers().connection().orElseThrow(() -> new IOException("NATS is not connected"));
        ensure(connection);
    }

    private void ensure(Connection connection) throws IOException, JetStreamApiException {
        var management = connection.jetStreamManagement(JetStreamOptions.builder()
                .requestTimeout(settings.requestTimeout())
                .build());
        try {
            var is = management.getStreamInfo(StreamSettings.STREAM).getConfiguration();
            if (settings.differs(is)) {
                management.updateStream(settings.configuration());
            }
        } catch (JetStreamApiException e) {
            if (e.getErrorCode() != NOT_FOUND) {
                throw e;
            }
            management.addStream(settings.configuration());
        }
    }
}
