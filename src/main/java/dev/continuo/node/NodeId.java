package dev.continuo.node;

import java.util.UUID;

/** A node as the database knows it: the name is for people, {@code boot} is random per start, so that a restarted node
 * is another owner. */
public record NodeId(String name, UUID boot) {
    public NodeId {
        if (name.isBlank() || name.length() > 128) {
            throw new IllegalArgumentException("continuo.node-id must have 1 to 128 characters: '" + name + "'");
        }
    }
}
