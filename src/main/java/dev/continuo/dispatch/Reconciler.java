package dev.continuo.dispatch;

import dev.continuo.execution.Owned;
import dev.continuo.execution.RunExecutor;
import dev.continuo.nats.Hints;
import dev.continuo.node.NodeId;
import dev.continuo.run.Fence;
import dev.continuo.run.Reconciles;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Gives back what this node owns without knowing: the rows of a claim whose answer never arrived. A row has to be
 * unknown in two passes, because a claim may be between its commit and its start.
 */
@Singleton
public class Reconciler {
    private static final System.Logger LOG = System.getLogger(Reconciler.class.getName());

    private final NodeId me;
    private final Reconciles reconciles;
    private final RunExecutor executor;
    private final Hints hints;
    private Set<Fence> unknownBefore = Set.of();
    private Set<Owned> missingBefore = Set.of();
    private boolean failing;

    @Inject
    public Reconciler(NodeId me, Reconciles reconciles, RunExecutor executor, Hints hints) {
        this.me = me;
        this.reconciles = reconciles;
        this.executor = executor;
        this.hints = hints;
    }

    void runOnce() {
        try {
            var mine = reconciles.rowsThatSayMe(me);
            mine.stream()
                    .filter(Reconciles.Mine::cancelRequested)
                    .forEach(m -> executor.cancelRequested(m.fence().run()));
            stopWhatIsNotMine(mine);
            giveBackUnknown(mine);
            failing = false;
        } catch (RuntimeException e) {
            if (!failing) {
                failing = true;
                LOG.log(Level.WARNING, "could not compare this node's rows with its runs; every second tries again", e);
            }
        }
    }

    /** A run without output would learn of its loss only when it speaks again. */
    private void stopWhatIsNotMine(List<Reconciles.Mine> mine) {
        var rows = mine.stream()
                .map(m -> m.fence().claimId() + "/" + m.fence().run())
                .collect(Collectors.toSet());
        var missing = executor.active().stream()
                .filter(owned -> !rows.contains(owned.claimId() + "/" + owned.run()))
                .collect(Collectors.toSet());
        missing.stream().filter(missingBefore::contains).forEach(gone -> executor.lost(gone.run(), gone.claimId()));
        missingBefore = missing;
    }

    private void giveBackUnknown(List<Reconciles.Mine> mine) {
        var unknown = mine.stream()
                .map(Reconciles.Mine::fence)
                .filter(fence -> !executor.knows(fence.run(), fence.claimId()))
                .collect(Collectors.toSet());
        var twice = unknown.stream().filter(unknownBefore::contains).toList();
        unknownBefore = unknown;
        if (!twice.isEmpty()) {
            var given = reconciles.giveBack(me, twice);
            LOG.log(Level.INFO, "gave back {0} runs whose claim this node never heard of", given.size());
            hints.lookNow();
        }
    }
}
