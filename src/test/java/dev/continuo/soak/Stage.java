package dev.continuo.soak;

import dev.continuo.testkit.Api;
import dev.continuo.testkit.Cluster;
import dev.continuo.testkit.LibertyNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** What everybody in a trial shares: the cluster, two organisations, and the runs that were accepted lately. */
final class Stage {
    static final List<String> ORGANISATIONS = List.of("A", "B");
    private static final int RECENT = 250;

    private final Cluster cluster;
    private final Map<String, String> keys;
    private final List<Going> recent = new ArrayList<>();
    private volatile boolean open = true;

    /** A run that somebody may want to watch. */
    record Going(String org, String thread, String run) {}

    Stage(Cluster cluster) {
        this.cluster = cluster;
        this.keys = Map.of("A", cluster.apiKey(), "B", keyOfAnother(cluster));
    }

    private static String keyOfAnother(Cluster cluster) {
        return cluster.api(1)
                .post(
                        "/api/keys",
                        "{\"name\":\"soak\",\"role\":\"admin\",\"scopes\":[\"chat\",\"ops\"],\"organisation\":\"another\"}")
                .expect(201)
                .json()
                .path("key")
                .asText();
    }

    Cluster cluster() {
        return cluster;
    }

    LibertyNode anyNode(Random random) {
        return cluster.node(1 + random.nextInt(cluster.nodes().size()));
    }

    String key(String org) {
        return keys.get(org);
    }

    Api api(String org, LibertyNode node) {
        return new Api(node.url(), key(org));
    }

    static String other(String org) {
        return org.equals("A") ? "B" : "A";
    }

    synchronized void accepted(Going run) {
        recent.add(run);
        if (recent.size() > RECENT) {
            recent.removeFirst();
        }
    }

    /** Mostly one of the latest, which are at work. */
    synchronized Optional<Going> any(Random random) {
        if (recent.isEmpty()) {
            return Optional.empty();
        }
        int back = random.nextInt(random.nextInt(4) == 0 ? recent.size() : Math.min(recent.size(), 30));
        return Optional.of(recent.get(recent.size() - 1 - back));
    }

    boolean open() {
        return open;
    }

    /** Nothing new begins. */
    void close() {
        open = false;
    }
}
