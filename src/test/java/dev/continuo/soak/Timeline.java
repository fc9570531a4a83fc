package dev.continuo.soak;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/** When the provider sent each chunk for the first time, so that a watcher's delay can be told; nanoseconds. */
final class Timeline {
    private final Map<String, AtomicLongArray> sent = new ConcurrentHashMap<>();

    void expect(Prompt prompt) {
        sent.put(prompt.word(), new AtomicLongArray(prompt.chunks() + 1));
    }

    void sent(String word, int chunk, long nanoTime) {
        Optional.ofNullable(sent.get(word))
                .filter(times -> chunk < times.length())
                .ifPresent(times -> times.compareAndSet(chunk, 0, nanoTime));
    }

    OptionalLong sentAt(Prompt.Told told) {
        AtomicLongArray times = sent.get(told.word());
        long at = times == null || told.chunk() >= times.length() ? 0 : times.get(told.chunk());
        return at == 0 ? OptionalLong.empty() : OptionalLong.of(at);
    }
}
