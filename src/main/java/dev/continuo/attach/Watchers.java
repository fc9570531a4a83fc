package dev.continuo.attach;

import dev.continuo.identity.Caller;
import dev.continuo.node.Stopwatch;
import dev.continuo.stats.Stats;
import dev.continuo.web.Limits;
import dev.continuo.web.Problem;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.sse.SseEventSink;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/**
 * The open streams of this node: gives each a virtual thread, keeps callers within their limits, and asks everybody to
 * leave when the node does.
 */
@Singleton
public final class Watchers {
    private final Limits limits;
    private final Stopwatch time;
    private final Clock clock;
    private final Stats stats;
    private final Map<Watcher, Caller> open = new ConcurrentHashMap<>();
    private final Map<Object, Integer> counts = new ConcurrentHashMap<>();
    private volatile Duration leaving;

    @Inject
    public Watchers(Limits limits, Stopwatch time, Clock clock, Stats stats) {
        this.limits = limits;
        this.time = time;
        this.clock = clock;
        this.stats = stats;
    }

    /**
     * Starts a stream that ends with its feed, its client, its life, or its caller's right to it.
     *
     * @throws Problem 429 where the caller or the organisation has too many streams here
     */
    public void open(SseEventSink sink, Caller caller, Feed feed, BooleanSupplier stillAllowed) {
        open(new SseByteSink(sink), caller, feed, stillAllowed);
    }

    void open(ByteSink sink, Caller caller, Feed feed, BooleanSupplier stillAllowed) {
        var user = new User(caller.org(), caller.subject());
        count(user, limits.streamsPerUser(), "you have");
        try {
            count(caller.org(), limits.streamsPerOrganisation(), "your organisation has");
        } catch (Problem full) {
            uncount(user);
            throw full;
        }
        var watcher = new Watcher(sink, feed, stillAllowed, time, life(caller), (over, gone) -> {
            open.remove(over);
            uncount(user);
            uncount(caller.org());
            stats.watchers().decrement();
            gone.filter(Watchers::stalled)
                    .ifPresent(_ -> stats.slowWatchersCut().increment());
        });
        stats.watchers().increment();
        open.put(watcher, caller);
        if (leaving != null) {
            watcher.leave(jitter(leaving));
        }
        Thread.ofVirtual().name("watcher").start(watcher);
    }

    /** Asks every client, and whoever still comes, to be back within {@code spread}; each at a moment of its own. */
    public void drain(Duration spread) {
        leaving = spread;
        open.keySet().forEach(w -> w.leave(jitter(spread)));
    }

    /** Asks at once whether those who came with this key may still watch. */
    void recheck(UUID key) {
        open.forEach((watcher, caller) -> {
            if (caller.keyId().filter(key::equals).isPresent()) {
                watcher.recheck();
            }
        });
    }

    /** How many streams are open. */
    public int size() {
        return open.size();
    }

    void tick() {
        open.keySet().forEach(Watcher::tick);
    }

    private void count(Object whose, int limit, String who) {
        int now = counts.merge(whose, 1, Integer::sum);
        if (now > limit) {
            uncount(whose);
            throw Problem.of(
                            429,
                            "too_many_streams",
                            "On this node " + who + " " + limit + " open streams, the most there may be. Close one, "
                                    + "or try again later.")
                    .retryAfter(Duration.ofSeconds(5));
        }
    }

    private void uncount(Object whose) {
        counts.computeIfPresent(whose, (_, n) -> n == 1 ? null : n - 1);
    }

    /** Not beyond what the caller came with: its reconnect shows a new one. */
    private Duration life(Caller caller) {
        var left = caller.until().map(at -> Duration.between(clock.instant(), at));
        return left.filter(l -> l.compareTo(life()) < 0).orElseGet(this::life);
    }

    private Duration life() {
        long tenth = limits.streamLife().dividedBy(10).toMillis() + 1;
        return limits.streamLife().plusMillis(ThreadLocalRandom.current().nextLong(-tenth, tenth));
    }

    private static Duration jitter(Duration spread) {
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(spread.toMillis() + 1));
    }

    private static boolean stalled(Throwable gone) {
        for (Throwable t = gone; t != null; t = t.getCause()) {
            if (t instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }

    private record User(Object org, String subject) {}
}
