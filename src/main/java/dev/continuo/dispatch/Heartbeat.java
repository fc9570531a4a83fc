package dev.continuo.dispatch;

import dev.continuo.execution.RunExecutor;
import dev.continuo.live.LiveLog;
import dev.continuo.node.Lease;
import dev.continuo.node.NodeId;
import dev.continuo.node.NodeState;
import dev.continuo.run.Beat;
import dev.continuo.run.Cadence;
import dev.continuo.run.Leases;
import dev.continuo.run.Renewal;
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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Renews this node's lease on a connection that nothing else uses and that holds the node's session advisory lock: the
 * lock is gone milliseconds after the process is killed, the lease ends only when nobody renews it. A beat that hangs
 * is never overtaken by another one.
 */
@Singleton
public class Heartbeat {
    /** Until the first renewal tells what the settings say. */
    private static final Duration AT_FIRST = Duration.ofSeconds(1);

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
    private Optional<String> objection = Optional.empty();
    private volatile Optional<Renewal> latest = Optional.empty();
    private volatile boolean begun;
    private volatile long asked;

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
        Thread.ofPlatform().name("heartbeat-keeper").daemon().start(this::keepBeating);
    }

    /** How often {@link #beat()} is to be called. */
    Duration period() {
        return cadence().map(Cadence::renewal).orElse(AT_FIRST);
    }

    /** How often to look for orphans. */
    Duration reapScan() {
        return cadence().map(Cadence::reapScan).orElse(AT_FIRST);
    }

    /** Whether this node's own renewals were unbroken for a lease: its right to speak about others. */
    boolean mayJudge() {
        return cadence().filter(c -> lease.unbroken().compareTo(c.lease()) >= 0).isPresent();
    }

    private Optional<Cadence> cadence() {
        return latest.map(Renewal::cadence);
    }

    /** What the last successful beat said. */
    public boolean lockHeld() {
        return latest.filter(Renewal::lockHeld).isPresent();
    }

    public void beat() {
        asked = lease.now();
        begun = true;
        if (underWay.compareAndSet(false, true)) {
            try {
                thread.execute(this::beatNow);
            } catch (RejectedExecutionException _) {
                LOG.log(Level.DEBUG, "no beat after the last one");
            }
        }
    }

    /**
     * Where no timer fired for a period and a half: the server's timers share their threads with all requests, and they
     * end as soon as the server begins to stop, while runs that may still end here need the lease.
     */
    private void keepBeating() {
        while (!thread.isShutdown()) {
            LockSupport.parkNanos(period().toNanos() / 2);
            if (begun && lease.now() - asked > period().toNanos() * 3 / 2) {
                beat();
            }
        }
    }

    private void beatNow() {
        try {
            renewInASession();
        } catch (SQLException | RuntimeException e) {
            failed(e);
        } finally {
            underWay.set(false);
        }
    }

    /** A session that ended since the last beat took its lock along: to wait for the next beat would look like death. */
    private void renewInASession() throws SQLException {
        if (connection != null) {
            try {
                renew();
                return;
            } catch (SQLException e) {
                LOG.log(Level.DEBUG, "the session of the heartbeat has ended; another one is opened at once", e);
                lease.failed();
                closeConnection();
            }
        }
        connection = connections.open();
        renew();
    }

    private void renew() throws SQLException {
        var silent = lease.age();
        long sentAt = lease.now();
        var renewal = leases.renew(connection, nextBeat());
        lease.renewed(sentAt, renewal.cadence().lease());
        tell(renewal, silent);
        latest = Optional.of(renewal);
        if (renewal.drainAsked()) {
            departure.begin("an operator asked for it");
        }
    }

    private void tell(Renewal renewal, Duration silent) {
        if (failing) {
            failing = false;
            LOG.log(Level.INFO, "PostgreSQL answers again; this node may start runs");
        } else if (silent.compareTo(period().multipliedBy(2)) > 0) {
            LOG.log(
                    Level.WARNING,
                    "this node''s beat was late, {0} after the last one, where {1} are usual: it was frozen or starved;"
                            + " after {2} others take its runs",
                    silent,
                    period(),
                    renewal.cadence().lease());
        }
        if (!renewal.lockHeld() && (lockHeld() || latest.isEmpty())) {
            LOG.log(
                    Level.WARNING,
                    "the session lock of this node is not held, perhaps behind a connection pooler: if it dies, the"
                            + " others notice only when its lease of {0} is over",
                    renewal.cadence().lease());
        }
        var objects = renewal.cadence().objection();
        if (!objects.equals(objection)) {
            objection = objects;
            objects.ifPresent(why -> LOG.log(Level.WARNING, why));
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
