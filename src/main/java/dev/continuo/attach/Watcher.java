package dev.continuo.attach;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;

import dev.continuo.node.Stopwatch;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/**
 * One open stream: a virtual thread that asks its feed, writes, and waits for the feed's signal. Every way out of it is
 * in {@link #run}. A client that does not read blocks this thread only, until the server's write timeout cuts it.
 */
final class Watcher implements Runnable {
    static final Duration KEEPALIVE = Duration.ofSeconds(10);
    static final Duration RECHECK = Duration.ofSeconds(60);
    private static final System.Logger LOG = System.getLogger(Watcher.class.getName());

    private final ByteSink sink;
    private final Feed feed;
    private final BooleanSupplier stillAllowed;
    private final Stopwatch time;
    private final Ending ending;
    private final Signal signal = new Signal();
    private final Batch batch = new Batch();
    private final long lifeEnds;
    private long lastWrite;
    private long lastCheck;
    private volatile long due;
    private volatile Duration leave;
    private volatile boolean doubted;

    /** Told once when the stream is over, with what broke it where something did. */
    interface Ending {
        void over(Watcher watcher, Optional<IOException> gone);
    }

    Watcher(ByteSink sink, Feed feed, BooleanSupplier stillAllowed, Stopwatch time, Duration life, Ending ending) {
        this.ending = ending;
        this.sink = sink;
        this.feed = feed;
        this.stillAllowed = stillAllowed;
        this.time = time;
        lastCheck = time.nanoTime();
        lastWrite = lastCheck;
        lifeEnds = lastCheck + life.toNanos();
        due = lastCheck + KEEPALIVE.toNanos();
    }

    /** Asks the client to come back after that time, elsewhere or here. */
    void leave(Duration after) {
        leave = after;
        signal.raise();
    }

    /** Its caller's right is looked at now. */
    void recheck() {
        doubted = true;
        signal.raise();
    }

    /** Called now and then, so that nobody waits with a timer of their own. */
    void tick() {
        if (time.nanoTime() - due >= 0) {
            signal.raise();
        }
    }

    @Override
    public void run() {
        Optional<IOException> broken = Optional.empty();
        try (sink;
                feed) {
            converse();
        } catch (IOException gone) {
            LOG.log(DEBUG, "a watcher is gone: {0}", gone.getMessage());
            broken = Optional.of(gone);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.log(WARNING, "a stream broke, and its client could not be told", e);
        } finally {
            ending.over(this, broken);
        }
    }

    /** What breaks it, as a read of PostgreSQL that is away, must not look like an end: whoever sees one believes it. */
    private void converse() throws IOException, InterruptedException {
        try {
            open();
            feed.begin(signal);
            boolean open = true;
            while (open) {
                open = talk();
            }
        } catch (RuntimeException e) {
            LOG.log(WARNING, "a stream broke; its client is asked to come back with its cursor", e);
            batch.clear();
            farewell(Duration.ofMillis(500 + ThreadLocalRandom.current().nextLong(1_500)));
        }
    }

    /** Headers leave with the second write only. */
    private void open() throws IOException {
        write(Frames.KEEPALIVE);
        write(Frames.RETRY);
    }

    private boolean talk() throws IOException, InterruptedException {
        if (leave != null) {
            return farewell(leave);
        }
        long now = time.nanoTime();
        if (now - lifeEnds >= 0) {
            return farewell(Duration.ZERO);
        }
        if (doubted || now - lastCheck >= RECHECK.toNanos()) {
            doubted = false;
            lastCheck = now;
            if (!stillAllowed.getAsBoolean()) {
                return farewell(Duration.ZERO);
            }
        }
        var progress = feed.next(batch);
        if (!batch.isEmpty()) {
            batch.writeTo(sink);
            lastWrite = time.nanoTime();
        }
        return switch (progress) {
            case MORE -> true;
            case END -> false;
            case IDLE -> rest();
        };
    }

    private boolean rest() throws IOException, InterruptedException {
        if (time.nanoTime() - lastWrite >= KEEPALIVE.toNanos()) {
            write(Frames.KEEPALIVE);
        }
        due = Math.min(Math.min(lastWrite + KEEPALIVE.toNanos(), lastCheck + RECHECK.toNanos()), lifeEnds);
        signal.await();
        return true;
    }

    private boolean farewell(Duration after) throws IOException {
        feed.farewell(batch, after);
        batch.writeTo(sink);
        return false;
    }

    private void write(byte[] frame) throws IOException {
        sink.write(frame, 0, frame.length);
        lastWrite = time.nanoTime();
    }
}
