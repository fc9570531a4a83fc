package dev.continuo.live;

import dev.continuo.log.LiveMessage.Delivered;
import dev.continuo.nats.Link;
import dev.continuo.nats.NatsFacts;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.Subscription;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * All subscriptions of this node to what the stream republishes. The client library renews them after a reconnect; this
 * makes those that were asked for before there was any connection, or on one that was closed for good.
 */
final class Follows {
    private static final String SEQUENCE = "Nats-Sequence";

    private final Link link;
    private final NatsFacts facts;
    private final Duration timeout;
    private final Confirmations confirmations;
    private final Set<Following> all = new HashSet<>();
    private Connection connection;
    private Dispatcher dispatcher;

    Follows(Link link, NatsFacts facts, Duration timeout) {
        this.link = link;
        this.facts = facts;
        this.timeout = timeout;
        this.confirmations = new Confirmations(this::ping);
        link.onUp(this::up);
    }

    Follow follow(String subject, Consumer<Delivered> sink) {
        var following = new Following(subject, sink);
        synchronized (this) {
            all.add(following);
            link.connection().ifPresent(this::use);
            if (dispatcher != null) {
                following.subscribe();
            }
        }
        return following;
    }

    /** Returns once the broker knows every subscription that was made so far; where it does not answer, after a while. */
    void confirm() {
        try {
            confirmations.confirm();
        } catch (IOException e) {
            facts.failed("a subscription was not confirmed", e, "the reader looks into PostgreSQL until it works");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void up(Connection now) {
        use(now);
    }

    private void use(Connection now) {
        if (now != connection) {
            connection = now;
            dispatcher = now.createDispatcher();
            all.forEach(Following::subscribe);
        }
    }

    /** The broker answers in order: after the PONG it knows every subscription. Without a connection there is none. */
    private void ping() throws IOException, InterruptedException {
        var now = link.connection();
        if (now.isEmpty()) {
            return;
        }
        try {
            now.get().flush(timeout);
        } catch (TimeoutException | RuntimeException e) {
            throw new IOException("no answer to a PING", e);
        }
    }

    private final class Following implements Follow {
        private final String subject;
        private final Consumer<Delivered> sink;
        private Subscription subscription;
        private Dispatcher on;

        Following(String subject, Consumer<Delivered> sink) {
            this.subject = subject;
            this.sink = sink;
        }

        void subscribe() {
            if (on != dispatcher) {
                on = dispatcher;
                subscription = dispatcher.subscribe(subject, this::deliver);
            }
        }

        private void deliver(Message message) {
            try {
                var headers = message.getHeaders();
                long seq = Long.parseLong(headers.getFirst(SEQUENCE));
                sink.accept(new Delivered(seq, new Wire(headers, message.getData()).message()));
            } catch (RuntimeException e) {
                facts.failed("a followed message was unusable", e, "its readers fill the hole");
            }
        }

        @Override
        public void close() {
            synchronized (Follows.this) {
                if (all.remove(this) && on != null && on.isActive()) {
                    on.unsubscribe(subscription);
                }
            }
        }
    }
}
