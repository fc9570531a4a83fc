package dev.continuo.nats;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.ErrorListener;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One connection that is tried for ever, from the start of the node on. It is handed out only while it works, so that
 * nobody waits for a broker that is away. Whoever keeps subscriptions or the stream is told by {@link #onUp} each time
 * it works again; a listener may be told twice about the same connection.
 */
public final class Link {
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final String name;
    private final Options options;
    private final NatsFacts facts;
    private final List<Consumer<Connection>> listeners = new CopyOnWriteArrayList<>();
    private volatile Connection latest;
    private final AtomicInteger lost = new AtomicInteger();
    private volatile boolean up;
    private volatile boolean closed;

    Link(String name, Options.Builder options, NatsFacts facts) {
        this.name = name;
        this.facts = facts;
        this.options = options.connectionListener(new Events())
                .errorListener(new Errors())
                .build();
    }

    void open() {
        try {
            Nats.connectAsynchronously(options, true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public Optional<Connection> connection() {
        return Optional.ofNullable(latest).filter(c -> c.getStatus() == Connection.Status.CONNECTED);
    }

    public boolean isUp() {
        return connection().isPresent();
    }

    /** How often the connection was lost: what was true of the broker before may not be true since. */
    public int lost() {
        return lost.get();
    }

    /** Runs on a virtual thread of its own at each connect and reconnect, and now where the connection works already. */
    public void onUp(Consumer<Connection> listener) {
        listeners.add(listener);
        connection().ifPresent(c -> tell(List.of(listener), c));
    }

    void close() {
        closed = true;
        close(latest);
    }

    private void up(Connection connection) {
        up = true;
        facts.connected(name, connection.getServerInfo().getServerName());
        tell(listeners, connection);
    }

    /** The client library says so after each failed attempt, too; those are counted as failures of their own. */
    private void down() {
        lost.incrementAndGet();
        if (up) {
            up = false;
            facts.failed(
                    "the NATS connection for " + name + " is lost", new IOException("disconnected"), "reconnecting");
        }
    }

    private void tell(List<Consumer<Connection>> whom, Connection connection) {
        Thread.ofVirtual().name("nats-up-" + name).start(() -> {
            for (var listener : whom) {
                try {
                    listener.accept(connection);
                } catch (RuntimeException e) {
                    facts.failed("a listener of NATS " + name + " failed", e, "it is told again at the next reconnect");
                }
            }
        });
    }

    private void gaveUp() {
        facts.failed(
                "the NATS connection for " + name + " was closed",
                new IOException("closed by the client library, as after repeated authentication errors"),
                "a new one is tried in " + AGAIN.toMillis() + " ms");
        Thread.ofVirtual().name("nats-again-" + name).start(() -> {
            try {
                Thread.sleep(AGAIN);
                if (!closed) {
                    open();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void close(Connection connection) {
        if (connection == null) {
            return;
        }
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Events implements ConnectionListener {
        @Override
        @SuppressWarnings("deprecation")
        public void connectionEvent(Connection connection, ConnectionListener.Events event) {
            if (closed) {
                if (event != ConnectionListener.Events.CLOSED) {
                    Link.close(connection);
                }
                return;
            }
            latest = connection;
            switch (event) {
                case CONNECTED, RESUBSCRIBED -> up(connection);
                case DISCONNECTED -> down();
                case CLOSED -> gaveUp();
                case RECONNECTED, DISCOVERED_SERVERS, LAME_DUCK -> {}
            }
        }
    }

    private final class Errors implements ErrorListener {
        @Override
        public void errorOccurred(Connection connection, String error) {
            facts.failed("NATS refused something for " + name, new IOException(error), "the caller sees it, too");
        }

        @Override
        public void exceptionOccurred(Connection connection, Exception e) {
            facts.failed("NATS failed for " + name, e, "reconnecting where needed");
        }

        @Override
        public void slowConsumerDetected(Connection connection, io.nats.client.Consumer consumer) {
            facts.failed(
                    "a NATS subscription for " + name + " is too slow",
                    new IOException("messages were dropped"),
                    "readers notice the hole and read PostgreSQL");
        }

        @Override
        public void messageDiscarded(Connection connection, Message message) {
            facts.failed("NATS discarded a message for " + name, new IOException(message.getSubject()), "it is resent");
        }
    }
}
