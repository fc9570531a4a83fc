package dev.continuo.dispatch;

import dev.continuo.execution.RunExecutor;
import dev.continuo.live.LiveLog;
import dev.continuo.node.Lease;
import dev.continuo.node.NodeId;
import dev.continuo.node.NodeState;
import dev.continuo.run.Beat;
import dev.continuo.run.Leases;
import dev.continuo.sql.DirectConnections;
import dev.continuo.stats.Stats;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Renews this node's lease on a connection that nothing else uses and that holds the node's session advisory lock: the
 * lock is gone milliseconds after the process is killed, the lease ends only when nobody renews it. A beat that hangs
 * is never overtaken by another one.
 */
@Singleton
public class Heartbeat {
    /** How often a beat is triggered; the settings row says the same to readers of the database. */
    static final Duration PERIOD = Duration.ofMillis(1500);

    private static final System.Logger LOG = System.getLogger(Heartbeat.class.getName());

    private final NodeId me;
    private final NodeState state;
    private final Lease lease;
    private final Leases leases;
    private final DirectConnections connections;
    private final RunExecutor executor;
    private final LiveLog live;
    private final Stats stats;
    private final Departure departure;
    private final Optional<String> url;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("heartbeat").daemon().factory());
    private final AtomicBoolean underWay = new AtomicBoolean();
    private Connection connection;
    private final long lockKey = ThreadLocalRandom.current().nextLong();
    private boolean failing;
    private boolean warnedOfLock;

    @Inject
    public Heartbeat(
            NodeId me,
            NodeState state,
            Lease lease,
            Leases leases,
            DirectConnections connections,
            RunExecutor executor,
            LiveLog live,
            Stats stats,
            Departure departure,
            @ConfigProperty(name = "continuo.node-url") Optional<String> url) {
        this.me = me;
        this.state = state;
        this.lease = lease;
        this.leases = leases;
        this.connections = connections;
        this.executor = executor;
        this.live = live;
        this.stats = stats;
        this.departure = departure;
        this.url = url;
    }

    public void beat() {
        if (underWay.compareAndSet(false, true)) {
            thread.execute(this::beatNow);
        }
    }

    private void beatNow() {
        try {
            renew();
        } catch (SQLException | RuntimeException e) {
            failed(e);
        } finally {
            underWay.set(false);
        }
    }

    private void renew() throws SQLException {
        if (connection == null) {
            connection = connections.open();
        }
        long sentAt = lease.now();
        var renewal = leases.renew(connection, nextBeat());
        lease.renewed(sentAt, renewal.lease());
        if (failing) {
            failing = false;
            LOG.log(Level.INFO, "PostgreSQL answers again; this node may start runs");
        }
        if (!renewal.lockHeld() && !warnedOfLock) {
            warnedOfLock = true;
            LOG.log(
                    Level.WARNING,
                    "the session lock of this node is not held, perhaps behind a connection pooler: if it dies, the"
                            + " others notice only when its lease of {0} is over",
                    renewal.lease());
        }
        if (renewal.drainAsked()) {
            departure.begin("an operator asked for it");
        }
    }

    private Beat nextBeat() {
        var load = "{\"running\":%d,\"slots\":%d,\"watchers\":%d,\"nats\":\"%s\"}"
                .formatted(
                        executor.activeRuns(),
                        executor.activeRuns() + executor.freeSlots(),
                        stats.watchers().sum(),
                        live.healthy() ? "connected" : "away");
        return new Beat(me, lockKey, state.draining() ? Beat.Readiness.DRAINING : Beat.Readiness.SERVING, load, url);
    }

    /** The lock goes with the session, so a connection in doubt is closed, and the next beat opens another. */
    private void failed(Exception e) {
        lease.failed();
        if (!failing) {
            failing = true;
            LOG.log(Level.WARNING, "a renewal failed; this node starts nothing once its lease is over", e);
        }
        closeConnection();
    }

    /** The last beat of a node that leaves: its lease ends with it. */
    void end() {
        try {
            if (connection != null) {
                leases.end(connection, nextBeat());
            }
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "the lease could not be ended early; it ends by itself", e);
        } finally {
            closeConnection();
        }
    }

    private void closeConnection() {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "closing the connection of the heartbeat failed; it is dropped", e);
        } finally {
            connection = null;
        }
    }

    /** Ends after the beat that is under way, so that nothing revives the lease. */
    @PreDestroy
    void stop() {
        thread.execute(this::end);
        thread.shutdown();
    }
}
