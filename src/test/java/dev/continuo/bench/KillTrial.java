package dev.continuo.bench;

import dev.continuo.testkit.Cluster;
import dev.continuo.testkit.LibertyNode;
import io.nats.client.Connection;
import io.nats.client.Nats;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** From the SIGKILL of a run's owner to the marker of its next one, and to the first new word at a watcher elsewhere. */
final class KillTrial {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Cluster cluster;
    private int tags;

    KillTrial(Cluster cluster) {
        this.cluster = cluster;
    }

    Map<String, Double> measure(int kills) {
        var marker = new Latencies();
        var word = new Latencies();
        var values = new LinkedHashMap<String, Double>();
        for (int i = 0; i < kills; i++) {
            kill(marker, word);
            cluster.heal();
        }
        values.put("marker p50 ms", marker.percentile(50));
        values.put("marker max ms", marker.percentile(100));
        values.put("word p50 ms", word.percentile(50));
        values.put("word max ms", word.percentile(100));
        return values;
    }

    private void kill(Latencies marker, Latencies word) {
        var thread = "t-" + ProcessHandle.current().pid() + "-" + ++tags;
        var run = cluster.api(1)
                .say(thread, thread, "slow:400x25 kill-" + thread)
                .path("runId")
                .asText();
        var owner = ownerOf(run);
        try (var nats = Nats.connect(cluster.natsUrl());
                var watcher = cluster.api(cluster.survivorOf(owner)).attach(thread)) {
            var marked = marked(nats, run);
            watcher.await(
                    "some words",
                    PATIENCE,
                    e -> e.id().startsWith(run) && e.data().contains("chunk-20 "));
            long killedAt = System.nanoTime();
            owner.kill9();
            marker.add(marked.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) - killedAt);
            var first = watcher.await(
                    "a word of the next owner",
                    PATIENCE,
                    e -> e.is("message") && e.id().startsWith(run + ".") && !e.id().startsWith(run + ".1."));
            word.add(first.at() - killedAt);
            watcher.await("the end", PATIENCE, e -> e.is("terminal"));
        } catch (IOException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the takeover of " + run, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static CompletableFuture<Long> marked(Connection nats, String run)
            throws IOException, TimeoutException, InterruptedException {
        var marked = new CompletableFuture<Long>();
        nats.createDispatcher().subscribe("continuo.live.*." + run, m -> {
            if ("0".equals(m.getHeaders().getFirst("Continuo-Count"))
                    && !"1".equals(m.getHeaders().getFirst("Continuo-Epoch"))) {
                marked.complete(System.nanoTime());
            }
        });
        nats.flush(PATIENCE);
        return marked;
    }

    private LibertyNode ownerOf(String run) {
        for (long until = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < until; ) {
            var owner = cluster.api(1).run(run).path("node").asText();
            if (!owner.isEmpty()) {
                return cluster.node(owner);
            }
        }
        throw new IllegalStateException("nobody claims " + run);
    }
}
