package dev.continuo.live;

import dev.continuo.nats.NatsConnections;
import dev.continuo.nats.NatsFacts;
import io.nats.client.JetStreamApiException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps the stream in being: looks at start, at every reconnect and whenever somebody missed it, one look at a time,
 * and goes on until it is there or the connection is gone.
 */
@Singleton
final class StreamKeeper {
    private static final Duration AGAIN = Duration.ofMillis(250);

    private final NatsConnections connections;
    private final StreamSetup setup;
    private final NatsFacts facts;
    private final AtomicBoolean looking = new AtomicBoolean();
    /** The number of lost connections at the time the stream was last seen; -1: not seen, or missed since. */
    private volatile int foundAfter = -1;

    @Inject
    StreamKeeper(NatsConnections connections, StreamSetup setup) {
        this.connections = connections;
        this.setup = setup;
        this.facts = connections.facts();
        connections.producers().onUp(_ -> missed());
    }

    /** Makes the container create this at start, so that the stream exists before the first run needs it. */
    void start(@Observes @Initialized(ApplicationScoped.class) Object application) {}

    boolean found() {
        return foundAfter == connections.producers().lost();
    }

    /** Returns at once. */
    void missed() {
        foundAfter = -1;
        facts.streamLost();
        if (looking.compareAndSet(false, true)) {
            Thread.ofPlatform().name("nats-stream").daemon().start(this::look);
        }
    }

    private void look() {
        try {
            while (!found() && connections.producers().isUp()) {
                attempt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            looking.set(false);
        }
        if (!found() && connections.producers().isUp()) {
            missed();
        }
    }

    private void attempt() throws InterruptedException {
        try {
            int lost = connections.producers().lost();
            setup.ensure();
            foundAfter = lost;
            facts.streamFound();
        } catch (IOException | JetStreamApiException | RuntimeException e) {
            facts.failed("the stream " + StreamSettings.STREAM + " is not there", e, "looking again in a moment");
            Thread.sleep(AGAIN);
        }
    }
}
