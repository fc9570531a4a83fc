package dev.continuo.testkit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** {@code cluster.json}: what a script needs to know to use and to kill a cluster. */
final class ClusterJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ClusterJson() {}

    static String of(Cluster cluster) {
        ObjectNode root = JSON.createObjectNode()
                .put("apiKey", cluster.apiKey())
                .put("databaseUrl", cluster.databaseUrl())
                .put("natsUrl", cluster.natsUrl())
                .put("providerUrl", cluster.providerUrl());
        ArrayNode nodes = root.putArray("nodes");
        for (LibertyNode node : cluster.nodes()) {
            nodes.addObject().put("id", node.id()).put("url", node.url()).put("pid", node.pid());
        }
        return root.toPrettyString() + "\n";
    }
}
