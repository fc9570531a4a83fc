package dev.continuo.testkit;

import dev.continuo.live.Follow;
import dev.continuo.live.LiveLog;
import dev.continuo.live.LiveUnavailable;
import dev.continuo.live.PublishResult;
import dev.continuo.log.LiveMessage;
import dev.continuo.log.LiveMessage.Delivered;
import dev.continuo.log.RecordCodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** A live log without a broker, under the same contract. It delivers on the publisher's thread, can be away and can lose
 * everything. */
public final class MemoryLiveLog implements LiveLog {
    private final Map<UUID, List<Delivered>> runs = new HashMap<>();
    private final Map<UUID, Set<UUID>> threads = new HashMap<>();
    private final Map<String, Long> seen = new HashMap<>();
    private final Map<UUID, List<Consumer<Delivered>>> sinks = new HashMap<>();
    private long seq;
    private boolean away;

    @Override
    public synchronized PublishResult publish(UUID thread, UUID run, LiveMessage message, long expectedSeq) {
        if (payload(message) > MAX_PAYLOAD) {
            throw new IllegalArgumentException("larger than " + MAX_PAYLOAD);
        }
        if (away) {
            return new PublishResult.Unavailable("away");
        }
        Long before = seen.get(id(run, message));
        if (before != null) {
            return new PublishResult.Stored(before);
        }
        threads.computeIfAbsent(thread, _ -> new HashSet<>()).add(run);
        var messages = runs.computeIfAbsent(run, _ -> new ArrayList<>());
        long last = messages.isEmpty() ? 0 : messages.getLast().seq();
        if (last != expectedSeq) {
            return new PublishResult.Refused();
        }
        var delivered = new Delivered(++seq, message);
        messages.add(delivered);
        seen.put(id(run, message), delivered.seq());
        List.copyOf(sinks.getOrDefault(run, List.of())).forEach(sink -> sink.accept(delivered));
        return new PublishResult.Stored(delivered.seq());
    }

    @Override
    public synchronized Optional<Delivered> last(UUID thread, UUID run) throws LiveUnavailable {
        var messages = messages(run);
        return messages.isEmpty() ? Optional.empty() : Optional.of(messages.getLast());
    }

    @Override
    public synchronized List<Delivered> replay(UUID thread, UUID run, long afterSeq) throws LiveUnavailable {
        var messages = messages(run);
        long after = messages.isEmpty() || messages.getLast().seq() < afterSeq ? 0 : afterSeq;
        return messages.stream().filter(m -> m.seq() > after).toList();
    }

    @Override
    public synchronized Follow follow(UUID thread, UUID run, Consumer<Delivered> sink) {
        sinks.computeIfAbsent(run, _ -> new ArrayList<>()).add(sink);
        return () -> {
            synchronized (this) {
                sinks.get(run).remove(sink);
            }
        };
    }

    @Override
    public synchronized void forget(UUID thread) throws LiveUnavailable {
        if (away) {
            throw new LiveUnavailable("away");
        }
        threads.getOrDefault(thread, Set.of()).forEach(runs::remove);
    }

    @Override
    public synchronized boolean healthy() {
        return !away;
    }

    public synchronized void goAway() {
        away = true;
    }

    public synchronized void comeBack() {
        away = false;
    }

    /** As after a broker restart with an empty store. */
    public synchronized void loseEverything() {
        runs.clear();
        seen.clear();
        seq = 0;
    }

    private List<Delivered> messages(UUID run) throws LiveUnavailable {
        if (away) {
            throw new LiveUnavailable("away");
        }
        return runs.getOrDefault(run, List.of());
    }

    private static int payload(LiveMessage message) {
        return switch (message) {
            case LiveMessage.Batch b -> RecordCodec.encode(b.records()).length;
            case LiveMessage.Marker m -> m.reason().length();
        };
    }

    private static String id(UUID run, LiveMessage message) {
        var author = run + ":" + message.epoch() + ":" + message.claim8() + ":";
        return switch (message) {
            case LiveMessage.Batch b -> author + b.first();
            case LiveMessage.Marker _ -> author + "m";
        };
    }
}
