package dev.continuo.nats;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/**
 * Two connections, so that a flood of messages for watchers never delays a publish: {@code producers} for publishes,
 * stream management and hints, {@code tails} for everything that readers need. Both are tried from the start on and for
 * ever; a node starts without NATS.
 */
@Singleton
public final class NatsConnections implements AutoCloseable {
    private final NatsFacts facts;
    private final Link producers;
    private final Link tails;

    @Inject
    NatsConnections(NatsSettings settings, NatsFacts facts) {
        this.facts = facts;
        this.producers = new Link("producers", settings.options("producers").noEcho(), facts);
        this.tails = new Link("tails", settings.options("tails"), facts);
    }

    /** Outside a container: connects at once. */
    public static NatsConnections to(String url) {
        return to(new NatsSettings(url));
    }

    static NatsConnections to(NatsSettings settings) {
        var connections = new NatsConnections(settings, new NatsFacts());
        connections.start(settings);
        return connections;
    }

    void start(@Observes @Initialized(ApplicationScoped.class) Object application) {
        producers.open();
        tails.open();
    }

    public Link producers() {
        return producers;
    }

    public Link tails() {
        return tails;
    }

    public NatsFacts facts() {
        return facts;
    }

    public boolean connected() {
        return producers.isUp() && tails.isUp();
    }

    public NatsState state() {
        return facts.state(producers.isUp(), tails.isUp());
    }

    @Override
    @PreDestroy
    public void close() {
        producers.close();
        tails.close();
    }
}
