package dev.continuo.nats;

import jakarta.inject.Singleton;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts and logs what goes wrong with NATS. A repeated failure is logged once in ten seconds with its count, because
 * a broker that is away fails several times a second.
 */
@Singleton
public final class NatsFacts {
    private static final Logger LOG = System.getLogger(NatsFacts.class.getName());
    private static final Duration QUIET = Duration.ofSeconds(10);

    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong reconnects = new AtomicLong();
    private final AtomicLong hintsDropped = new AtomicLong();
    private final Map<String, Long> loggedAt = new ConcurrentHashMap<>();
    private volatile String lastError;
    private volatile boolean streamFound;

    /**
     * {@code what} is one of a few constant texts, the details are in the cause; {@code next} says what happens now, so
     * that a reader of the log knows whether to act.
     */
    public void failed(String what, Throwable cause, String next) {
        long n = failures.incrementAndGet();
        lastError = what + ": " + reason(cause);
        LOG.log(mayLog(what) ? Level.WARNING : Level.DEBUG, "{0}; {1} (failure {2})", lastError, next, n);
    }

    private boolean mayLog(String what) {
        long now = System.nanoTime();
        return loggedAt.merge(what, now, (before, _) -> now - before > QUIET.toNanos() ? now : before) == now;
    }

    public void streamFound() {
        streamFound = true;
    }

    public void streamLost() {
        streamFound = false;
    }

    void connected(String name, String server) {
        reconnects.incrementAndGet();
        LOG.log(Level.INFO, "connected to NATS for {0}, server {1}", name, server);
    }

    void hintDropped() {
        hintsDropped.incrementAndGet();
    }

    NatsState state(boolean producers, boolean tails) {
        return new NatsState(
                producers,
                tails,
                streamFound,
                failures.get(),
                reconnects.get(),
                hintsDropped.get(),
                Optional.ofNullable(lastError));
    }

    /** Without a user and password of a URL, and on one line. */
    private static String reason(Throwable cause) {
        var message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return message.replaceAll("//[^/@\\s]*@", "//").replaceAll("\\p{Cntrl}+", " ");
    }
}
