package dev.continuo.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.testkit.Api;
import dev.continuo.testkit.Cluster;
import dev.continuo.testkit.SseClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** What the sender of a message feels: its acceptance, the provider's call, and the first word at a watcher. */
final class PostTrial {
    private static final Duration APART = Duration.ofMillis(60);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int SENDERS = 16;
    private static final int WAITING_IN_A_THREAD = 20;
    private static final Pattern STAMP = Pattern.compile("\"text-delta\".*\\b1@(\\d{19})");

    /** Of all rounds: a tag that comes again would find the threads and the prompts of the round before. */
    private static final AtomicInteger TAGS = new AtomicInteger();

    private final Cluster cluster;

    PostTrial(Cluster cluster) {
        this.cluster = cluster;
    }

    /** One message after the other on a thread that is watched already, and then as many as go in a moment. */
    Map<String, Double> measure(int messages, Duration burst) {
        var values = new LinkedHashMap<String, Double>();
        oneByOne(messages, values);
        values.put("posts/s", together(burst, "many:1 stamp", (sender, i) -> sender + "-" + i));
        values.put("posts/s to busy threads", toBusyThreads(burst));
        return values;
    }

    /** Each sender's first message is never answered, so that all others wait: what acceptance alone can do. */
    private double toBusyThreads(Duration burst) {
        var threads = new ConcurrentSkipListSet<String>();
        try {
            return together(burst, "hang:1", (sender, i) -> {
                var thread = sender + "-" + i / WAITING_IN_A_THREAD;
                threads.add(thread);
                return thread;
            });
        } finally {
            threads.forEach(thread -> cluster.api(1).delete("/api/threads/" + thread));
        }
    }

    /** The thread of a sender's i-th message. */
    private interface ThreadOf {
        String name(String sender, int i);
    }

    private void oneByOne(int messages, Map<String, Double> values) {
        var accepted = new Latencies();
        var asked = new Latencies();
        var firstWord = new Latencies();
        var sentAt = new LinkedHashMap<String, Long>();
        var tag = tag();
        int port = cluster.node(1).port();
        try (var poster = new Poster(port, cluster.apiKey())) {
            awaitEnd(cluster.api(1), poster.say(tag, "many:1 stamp first-" + tag));
            try (var stream = cluster.api(1).attach(tag)) {
                for (int i = 1; i <= messages; i++) {
                    LoadClient.pauseUntil(System.nanoTime() + APART.toNanos());
                    var prompt = "many:1 stamp " + tag + "-" + i;
                    sentAt.put(prompt, LoadClient.epochNanos());
                    long began = System.nanoTime();
                    var run = Poster.run(poster.say(tag, prompt));
                    accepted.add(System.nanoTime() - began);
                    stream.await(
                            "the end of the turn",
                            PATIENCE,
                            e -> e.is("terminal") && e.data().contains(run));
                }
                firstWords(stream, firstWord);
            }
        }
        JsonNode prompts =
                new Api(cluster.providerUrl(), "none").get("/stats").json().path("prompts");
        sentAt.forEach((prompt, at) ->
                asked.add(prompts.path(prompt).path("firstCallNanos").asLong() - at));
        put(values, "202", accepted);
        put(values, "provider asked", asked);
        put(values, "first word", firstWord);
    }

    private static void put(Map<String, Double> values, String what, Latencies of) {
        values.put(what + " p50 ms", of.percentile(50));
        values.put(what + " p99 ms", of.percentile(99));
    }

    private static void awaitEnd(Api api, String accepted) {
        api.awaitEnd(Poster.run(accepted), PATIENCE);
    }

    private static void firstWords(SseClient stream, Latencies firstWord) {
        long epoch = LoadClient.epochNanos() - System.nanoTime();
        for (var event : stream.events()) {
            var stamp = STAMP.matcher(event.data());
            if (stamp.find()) {
                firstWord.add(event.at() + epoch - Long.parseLong(stamp.group(1)));
            }
        }
    }

    private double together(Duration burst, String prompt, ThreadOf thread) {
        var accepted = new AtomicLong();
        var tag = tag();
        long began = System.nanoTime();
        long until = began + burst.toNanos();
        try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, SENDERS)
                    .forEach(sender -> senders.submit(() -> {
                        try (var poster = new Poster(cluster.node(1).port(), cluster.apiKey())) {
                            for (int i = 0; System.nanoTime() < until; i++) {
                                poster.say(thread.name(tag + "-" + sender, i), prompt);
                                accepted.incrementAndGet();
                            }
                        }
                    }));
        }
        return accepted.get() / ((System.nanoTime() - began) / 1e9);
    }

    private String tag() {
        return "p-" + ProcessHandle.current().pid() + "-" + TAGS.incrementAndGet();
    }
}
