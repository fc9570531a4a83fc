package dev.continuo.dispatch;

import dev.continuo.node.NodeId;
import dev.continuo.run.NodeView;
import dev.continuo.run.Nodes;
import dev.continuo.stats.Stats;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Says once that another node's beat is late, and once how it went on: an alarm before it is a death. Like reaping, it
 * accuses nobody before this node's own renewals were unbroken for a while: after an outage everybody is late.
 */
@Singleton
public class LateBeats {
    private static final System.Logger LOG = System.getLogger(LateBeats.class.getName());

    private final NodeId me;
    private final Heartbeat heartbeat;
    private final Nodes nodes;
    private final Stats stats;
    private final Map<UUID, NodeView> late = new HashMap<>();
    private boolean failing;

    @Inject
    public LateBeats(NodeId me, Heartbeat heartbeat, Nodes nodes, Stats stats) {
        this.me = me;
        this.heartbeat = heartbeat;
        this.nodes = nodes;
        this.stats = stats;
    }

    void runOnce() {
        if (!heartbeat.mayJudge()) {
            return;
        }
        try {
            nodes.list().stream().filter(n -> !n.boot().equals(me.boot())).forEach(this::judge);
            failing = false;
        } catch (RuntimeException e) {
            if (!failing) {
                failing = true;
                LOG.log(Level.WARNING, "could not look for late beats; every second looks again", e);
            }
        }
    }

    private void judge(NodeView node) {
        if (node.late()) {
            if (late.put(node.boot(), node) == null) {
                stats.lateBeats().increment();
                stats.lateNodes().increment();
                LOG.log(
                        Level.WARNING,
                        "the last beat of node={0} is {1} old; its runs are taken over once its lock is free, or in {2}",
                        node.name(),
                        node.beatAge(),
                        node.leaseLeft());
            }
        } else if (late.remove(node.boot()) != null) {
            stats.lateNodes().decrement();
            if (node.isAlive()) {
                LOG.log(Level.INFO, "node={0} beats again", node.name());
            } else {
                LOG.log(Level.WARNING, "node={0} is gone: its lease is over, and others have its runs", node.name());
            }
        }
    }
}
