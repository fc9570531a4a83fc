package dev.continuo.run;

import dev.continuo.node.NodeId;
import java.util.Optional;

/**
 * What a node says of itself with each renewal.
 *
 * @param lockKey random per start of the node, like its boot id
 * @param loadJson a JSON object for people
 * @param url where other people find the node, if it knows
 */
public record Beat(NodeId me, long lockKey, Readiness readiness, String loadJson, Optional<String> url) {
    public enum Readiness {
        SERVING,
        DRAINING
    }
}
