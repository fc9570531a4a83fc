package dev.continuo.dispatch;

import dev.continuo.execution.RunExecutor;
import dev.continuo.nats.Hints;
import dev.continuo.node.NodeId;
import dev.continuo.node.NodeState;
import dev.continuo.node.Stopwatch;
import dev.continuo.run.Releases;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Leaves without losing work: readiness off, no more claims, watchers sent elsewhere; runs that end within the drain end
 * here, the others are given back before this node gives up its life. It starts from a JVM shutdown hook, because the
 * server tells applications only after its own quiesce; and the application's end waits for it, because the server would
 * take the data source away.
 */
@Singleton
public class Departure {
    private static final System.Logger LOG = System.getLogger(Departure.class.getName());
    private static final Duration HAND_OVER = Duration.ofSeconds(3);

    private final NodeId me;
    private final NodeState state;
    private final RunExecutor executor;
    private final Releases releases;
    private final Hints hints;
    private final Stopwatch time;
    private final Duration drain;
    private final Thread hook = new Thread(this::leaveAtTheEnd, "departure");
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean hooked;

    @Inject
    public Departure(
            NodeId me,
            NodeState state,
            RunExecutor executor,
            Releases releases,
            Hints hints,
            Stopwatch time,
            @ConfigProperty(name = "continuo.drain") Duration drain) {
        if (drain.isNegative() || drain.compareTo(Duration.ofSeconds(25)) > 0) {
            throw new IllegalArgumentException(
                    "continuo.drain must be from PT0S to PT25S, so that it ends before the server's quiesce, not "
                            + drain);
        }
        this.me = me;
        this.state = state;
        this.executor = executor;
        this.releases = releases;
        this.hints = hints;
        this.time = time;
        this.drain = drain;
    }

    void start(@Observes @Initialized(ApplicationScoped.class) Object application) {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    void stop(@Observes @BeforeDestroyed(ApplicationScoped.class) Object application) throws InterruptedException {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
            leave();
        } catch (IllegalStateException _) {
            over.await(drain.plus(HAND_OVER).toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Returns at once; the process stays, so that an operator can look at it before he ends it. */
    void begin(String why) {
        if (!state.draining()) {
            LOG.log(Level.INFO, "node={0} leaves: {1}", me.name(), why);
            Thread.ofVirtual().name("departure").start(this::leave);
        }
    }

    private void leaveAtTheEnd() {
        hooked = true;
        leave();
    }

    private void leave() {
        if (!begun.compareAndSet(false, true)) {
            return;
        }
        try {
            state.drain();
            say("node=%s leaves: %d runs have %s to end here".formatted(me.name(), executor.activeRuns(), drain));
            if (!executor.awaitIdle(drain)) {
                handOver();
            }
            releases.releaseAll(me);
            hints.lookNow();
            say("node=%s has left".formatted(me.name()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            say("node=%s could not give its runs back, the others reap them: %s".formatted(me.name(), e));
        } finally {
            over.countDown();
        }
    }

    private void handOver() throws InterruptedException {
        long began = time.nanoTime();
        int runs = executor.activeRuns();
        executor.handOver();
        boolean all = executor.awaitIdle(HAND_OVER);
        say("node=%s handed %d runs over in %d ms%s"
                .formatted(
                        me.name(),
                        runs,
                        time.since(began).toMillis(),
                        all ? "" : "; the rest is released as it is committed"));
    }

    /** The JDK's loggers fall silent when its shutdown hooks run, and the server keeps what it reads here. */
    private void say(String what) {
        if (hooked) {
            System.out.println(what);
        } else {
            LOG.log(Level.INFO, what);
        }
    }
}
