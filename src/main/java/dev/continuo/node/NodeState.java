package dev.continuo.node;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** Whether this node is leaving. Written by whoever drains it; read by readiness and by whoever starts work. */
@Singleton
public final class NodeState {
    private final AtomicBoolean draining = new AtomicBoolean();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    public boolean draining() {
        return draining.get();
    }

    /** Called once, on the thread that drains, when the node begins to leave; must not block. */
    public void onDrain(Runnable listener) {
        listeners.add(listener);
    }

    /** There is no way back: a node that drains ends. */
    public void drain() {
        if (draining.compareAndSet(false, true)) {
            listeners.forEach(Runnable::run);
        }
    }
}
