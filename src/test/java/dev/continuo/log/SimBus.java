package dev.continuo.log;

import dev.continuo.log.LiveMessage.Delivered;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/** JetStream as it may behave: expected sequences, duplicates, lost acknowledgements, lost stores, lost deliveries. */
final class SimBus {
    private final Random random;
    private final boolean checksSequences;
    private final List<Entry> store = new ArrayList<>();
    private final Map<String, Long> ids = new HashMap<>();
    private final List<SimTail> subscribers = new ArrayList<>();
    private long lastSeq;
    boolean away;

    private record Entry(UUID run, Delivered delivered) {}

    sealed interface Published {
        record Stored(long seq) implements Published {}

        record Refused() implements Published {}

        record Unavailable() implements Published {}
    }

    SimBus(Random random) {
        this.random = random;
        this.checksSequences = random.nextInt(8) > 0;
    }

    Published publish(UUID run, LiveMessage message, long expected) {
        if (away || random.nextInt(40) == 0) {
            return new Published.Unavailable();
        }
        var id = id(run, message);
        if (ids.containsKey(id)) {
            return new Published.Stored(ids.get(id));
        }
        if (checksSequences && last(run).map(Delivered::seq).orElse(0L) != expected) {
            return new Published.Refused();
        }
        lastSeq++;
        ids.put(id, lastSeq);
        store.add(new Entry(run, new Delivered(lastSeq, message)));
        deliver(run, message);
        return random.nextInt(25) == 0 ? new Published.Unavailable() : new Published.Stored(lastSeq);
    }

    Optional<Delivered> last(UUID run) {
        return store.reversed().stream()
                .filter(e -> e.run().equals(run))
                .findFirst()
                .map(Entry::delivered);
    }

    /** Everything of the run after {@code afterSeq}, or from the start where that is beyond the end. */
    Optional<List<Delivered>> replay(UUID run, long afterSeq) {
        if (away || random.nextInt(8) == 0) {
            return Optional.empty();
        }
        long from = afterSeq > last(run).map(Delivered::seq).orElse(0L) ? 0 : afterSeq;
        return Optional.of(store.stream()
                .filter(e -> e.run().equals(run) && e.delivered().seq() > from)
                .map(Entry::delivered)
                .toList());
    }

    void subscribe(SimTail tail) {
        subscribers.add(tail);
    }

    void unsubscribe(SimTail tail) {
        subscribers.remove(tail);
    }

    void loseStore() {
        store.clear();
        ids.clear();
        if (random.nextBoolean()) {
            lastSeq = 0;
        }
    }

    void discardOld() {
        store.subList(0, Math.min(store.size(), random.nextInt(7))).clear();
    }

    void hintFinished(UUID run) {
        subscribers.stream().filter(t -> t.run().equals(run)).forEach(SimTail::hintFinished);
    }

    private void deliver(UUID run, LiveMessage message) {
        for (var tail : subscribers) {
            if (tail.run().equals(run) && random.nextInt(20) > 0) {
                tail.offer(message, random.nextInt(30) == 0);
            }
        }
    }

    private static String id(UUID run, LiveMessage message) {
        return switch (message) {
            case LiveMessage.Batch b -> run + ":" + b.epoch() + ":" + b.claim8() + ":" + b.first();
            case LiveMessage.Marker m -> run + ":" + m.epoch() + ":" + m.claim8() + ":m";
        };
    }
}
