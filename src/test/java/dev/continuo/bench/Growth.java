package dev.continuo.bench;

import dev.continuo.testkit.Cluster;
import java.util.Map;
import java.util.function.Consumer;

/** What could grow with what is waiting, long or finished: each measurement yields rows of the table by their names. */
final class Growth {
    private final Cluster cluster;
    private final Consumer<String> progress;
    private final int finished;

    /** @param finished how many finished runs {@code G-finished} has in the end */
    Growth(Cluster cluster, Consumer<String> progress, int finished) {
        this.cluster = cluster;
        this.progress = progress;
        this.finished = finished;
    }

    Map<String, Map<String, Double>> measure(String name) {
        return switch (name) {
            case "G-claim" -> new ClaimTrial(cluster.postgres(), progress).measure(10, 1_000, 100_000);
            case "G-length" -> new LengthTrial(cluster, progress).measure(1_000, 10_000, 100_000);
            case "G-size" -> new SizeTrial(cluster.postgres(), progress).measure(1_000);
            case "G-memory" -> new ActiveRunsTrial(cluster, progress).measure(500);
            case "G-finished" -> new FinishedTrial(cluster, progress).measure(finished);
            default -> throw new IllegalArgumentException(name);
        };
    }
}
