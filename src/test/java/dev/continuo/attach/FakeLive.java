package dev.continuo.attach;

import dev.continuo.live.Follow;
import dev.continuo.live.LiveLog;
import dev.continuo.live.LiveUnavailable;
import dev.continuo.live.PublishResult;
import dev.continuo.log.LiveMessage;
import dev.continuo.log.LiveMessage.Delivered;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** A broker in memory that can be away, forget everything, or keep a message from its followers. */
final class FakeLive implements LiveLog {
    private record Stored(UUID thread, UUID run, Delivered delivered) {}

    private record Follower(UUID run, Consumer<Delivered> sink) {}

    private final List<Stored> stored = new ArrayList<>();
    private final List<Follower> followers = new CopyOnWriteArrayList<>();
    private long seq;
    private final CountDownLatch answering = new CountDownLatch(1);
    private volatile boolean away;
    private volatile boolean hanging;

    @Override
    public synchronized PublishResult publish(UUID thread, UUID run, LiveMessage message, long expectedSeq) {
        var delivered = store(thread, run, message);
        followers.stream().filter(f -> f.run().equals(run)).forEach(f -> f.sink()
                .accept(delivered));
        return new PublishResult.Stored(delivered.seq());
    }

    /** Stored, but followers never hear of it. */
    synchronized void publishUnheard(UUID run, LiveMessage message) {
        store(run, run, message);
    }

    private Delivered store(UUID thread, UUID run, LiveMessage message) {
        var delivered = new Delivered(++seq, message);
        stored.add(new Stored(thread, run, delivered));
        return delivered;
    }

    @Override
    public synchronized Optional<Delivered> last(UUID thread, UUID run) {
        return stored.stream()
                .filter(s -> s.run().equals(run))
                .map(Stored::delivered)
                .reduce((_, later) -> later);
    }

    @Override
    public List<Delivered> replay(UUID thread, UUID run, long afterSeq) throws LiveUnavailable {
        if (hanging) {
            awaitAnswer();
        }
        return stored(run, afterSeq);
    }

    private void awaitAnswer() {
        try {
            answering.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized List<Delivered> stored(UUID run, long afterSeq) throws LiveUnavailable {
        if (away) {
            throw new LiveUnavailable("away");
        }
        return stored.stream()
                .filter(s -> s.run().equals(run) && s.delivered().seq() > afterSeq)
                .map(Stored::delivered)
                .toList();
    }

    @Override
    public Follow follow(UUID thread, UUID run, Consumer<Delivered> sink) {
        var follower = new Follower(run, sink);
        followers.add(follower);
        return () -> followers.remove(follower);
    }

    @Override
    public synchronized void forget(UUID thread) {
        stored.removeIf(s -> s.thread().equals(thread));
    }

    @Override
    public boolean healthy() {
        return !away;
    }

    synchronized void lose() {
        stored.clear();
    }

    /** As a line that went dead: known to be bad, and nothing is answered. */
    void hang() {
        hanging = true;
        away = true;
    }

    void answer() {
        answering.countDown();
    }

    void goAway() {
        away = true;
    }

    int followers() {
        return followers.size();
    }
}
