package dev.continuo.dispatch;

import dev.continuo.nats.Hints;
import dev.continuo.node.Lease;
import dev.continuo.run.Reaper;
import dev.continuo.run.UnbrokenRenewals;
import dev.continuo.stats.Stats;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.lang.System.Logger.Level;

/**
 * Makes the runs of gone owners READY again. A node that could not renew its own lease for a while asks nobody: after
 * an outage of the database everybody's lease looks over, and the first node back would steal healthy runs. A sweep that failed
 * counts as such an outage: it may have been over before the next renewal, and all sessions, with their locks, went with it.
 */
@Singleton
public class OrphanSweep {
    private static final System.Logger LOG = System.getLogger(OrphanSweep.class.getName());

    private final Lease lease;
    private final Reaper reaper;
    private final Hints hints;
    private final Stats stats;
    private boolean failing;

    @Inject
    public OrphanSweep(Lease lease, Reaper reaper, Hints hints, Stats stats) {
        this.lease = lease;
        this.reaper = reaper;
        this.hints = hints;
        this.stats = stats;
    }

    void runOnce() {
        try {
            reap();
            failing = false;
        } catch (RuntimeException e) {
            lease.failed();
            if (!failing) {
                failing = true;
                LOG.log(Level.WARNING, "could not look for orphans; every second looks again", e);
            }
        }
    }

    private void reap() {
        var reaped = reaper.reap(new UnbrokenRenewals(lease.unbroken()));
        for (var orphan : reaped) {
            stats.reaped().increment();
            LOG.log(Level.INFO, "run={0}: its owner {1} is gone; it is READY again", orphan.run(), orphan.owner());
            hints.threadChanged(orphan.org(), orphan.thread());
        }
        if (!reaped.isEmpty()) {
            hints.lookNow();
        }
    }
}
