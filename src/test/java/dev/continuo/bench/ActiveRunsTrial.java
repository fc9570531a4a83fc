package dev.continuo.bench;

import dev.continuo.testkit.Await;
import dev.continuo.testkit.Cluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.function.Consumer;

/** What a run costs a node that waits for its provider: heap that is used after a collection. */
final class ActiveRunsTrial {
    private static final String PROMPT = "many:5 hang:5 stamp";

    private final Cluster cluster;
    private final Consumer<String> progress;

    ActiveRunsTrial(Cluster cluster, Consumer<String> progress) {
        this.cluster = cluster;
        this.progress = progress;
    }

    Map<String, Map<String, Double>> measure(int runs) {
        long pid = cluster.node(1).pid();
        long before = Jcmd.liveBytes(pid);
        progress.accept("G-memory: " + runs + " runs that say five words and wait");
        var silent = new ArrayList<String>();
        var tag = "g-memory-" + ProcessHandle.current().pid() + "-";
        try (var poster = new Poster(cluster.node(1).port(), cluster.apiKey())) {
            for (int i = 0; i < runs; i++) {
                silent.add(Poster.run(poster.say(tag + i, PROMPT)));
            }
        }
        var api = cluster.api(1);
        Await.until("all of them are silent", Duration.ofSeconds(60), () -> cluster.openProviderCalls(PROMPT) == runs);
        long with = Jcmd.liveBytes(pid);
        silent.forEach(api::cancel);
        return Map.of("", Map.of("heap kB per run", (with - before) / 1024.0 / runs));
    }
}
