package dev.continuo.node;

import jakarta.inject.Singleton;

/** Whether this node is leaving. Written by whoever drains it; read by readiness and by whoever starts work. */
@Singleton
public final class NodeState {
    private volatile boolean draining;

    public boolean draining() {
        return draining;
    }

    /** There is no way back: a node that drains ends. */
    public void drain() {
        draining = true;
    }
}
