package dev.continuo.dispatch;

import dev.continuo.execution.RunExecutor;
import dev.continuo.nats.Hints;
import dev.continuo.node.Lease;
import dev.continuo.node.NodeId;
import dev.continuo.node.NodeState;
import dev.continuo.run.Claims;
import dev.continuo.stats.Stats;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.lang.System.Logger.Level;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Claims what this node can start at once, and nothing more: a run that waits here could have started elsewhere.
 * However many look-now calls arrive together, one thread looks, and looks once more after the last of them.
 */
@Singleton
public class Dispatcher {
    private static final System.Logger LOG = System.getLogger(Dispatcher.class.getName());

    private final NodeId me;
    private final NodeState state;
    private final Lease lease;
    private final Claims claims;
    private final RunExecutor executor;
    private final Stats stats;
    private final AtomicInteger asked = new AtomicInteger();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("dispatcher").daemon().factory());
    /** Whether the last look may have left something that a slot, or a place under a limit, would be for. */
    private volatile boolean someLeft;

    @Inject
    public Dispatcher(
            NodeId me, NodeState state, Lease lease, Claims claims, RunExecutor executor, Hints hints, Stats stats) {
        this.me = me;
        this.state = state;
        this.lease = lease;
        this.claims = claims;
        this.executor = executor;
        this.stats = stats;
        hints.onLookNow(this::look);
        executor.onSlotFree(() -> {
            if (someLeft) {
                look();
            }
        });
    }

    /** Returns at once; the looking is done by a thread of its own. */
    public void look() {
        if (asked.getAndIncrement() == 0) {
            thread.execute(this::lookUntilNobodyAsks);
        }
    }

    private void lookUntilNobodyAsks() {
        int seen;
        do {
            seen = asked.get();
            try {
                claimAll();
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "could not look for runs; the next tick looks again", e);
            }
        } while (!asked.compareAndSet(seen, 0));
    }

    private void claimAll() {
        int claimed;
        do {
            claimed = claimOnce();
        } while (claimed > 0 && someLeft);
    }

    /** Until a look has said what it left, something is: a slot may come free while it looks. */
    private int claimOnce() {
        someLeft = true;
        int free = executor.freeSlots();
        if (free == 0 || state.draining() || !lease.mayStart()) {
            return 0;
        }
        var claimId = UUID.randomUUID();
        try (var expected = executor.expect(claimId)) {
            var claimed = claims.claim(me, free, claimId);
            someLeft = claimed.someLeft();
            claimed.claims().forEach(claim -> {
                stats.claimLatency().record(claim.waited());
                executor.start(claim);
            });
            return claimed.claims().size();
        }
    }
}
