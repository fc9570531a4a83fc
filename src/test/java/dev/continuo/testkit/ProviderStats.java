package dev.continuo.testkit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls and open connections, in all and per prompt, which is the text of the last user message. */
final class ProviderStats {
    private static final int PROMPTS_KEPT = 20_000;
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Map<String, Prompt> prompts = new LinkedHashMap<>();
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger titles = new AtomicInteger();

    static final class Prompt {
        private int calls;
        private int open;
        private long firstCallNanos;
        private long lastFirstByteNanos;
    }

    /** The number of this call for its prompt, from 1. */
    synchronized int began(String text, long epochNanos) {
        if (prompts.size() >= PROMPTS_KEPT) {
            prompts.remove(prompts.keySet().iterator().next());
        }
        Prompt prompt = prompts.computeIfAbsent(text, key -> new Prompt());
        if (prompt.calls == 0) {
            prompt.firstCallNanos = epochNanos;
        }
        prompt.open++;
        return ++prompt.calls;
    }

    synchronized void firstByte(String text, long epochNanos) {
        prompt(text).lastFirstByteNanos = epochNanos;
    }

    synchronized void ended(String text) {
        prompt(text).open--;
    }

    synchronized int calls(String text) {
        return prompt(text).calls;
    }

    synchronized int open(String text) {
        return prompt(text).open;
    }

    synchronized int open() {
        return prompts.values().stream().mapToInt(prompt -> prompt.open).sum();
    }

    private Prompt prompt(String text) {
        return prompts.getOrDefault(text, new Prompt());
    }

    synchronized String json() {
        ObjectNode root = JSON.createObjectNode();
        root.put(
                "calls",
                prompts.values().stream().mapToInt(prompt -> prompt.calls).sum());
        root.put("open", open());
        root.put("connections", connections.get());
        root.put("titles", titles.get());
        ObjectNode each = root.putObject("prompts");
        prompts.forEach((text, prompt) -> each.putObject(text)
                .put("calls", prompt.calls)
                .put("open", prompt.open)
                .put("firstCallNanos", prompt.firstCallNanos)
                .put("lastFirstByteNanos", prompt.lastFirstByteNanos));
        return root.toString();
    }
}
