package dev.continuo.dispatch;

import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;

/** Every second: are the rows that name this node the runs that this node knows? */
@Singleton
@Startup
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class ReconcileTimer {
    @Inject
    private Reconciler reconciler;

    @Schedule(hour = "*", minute = "*", second = "*", persistent = false)
    void tick() {
        reconciler.runOnce();
    }
}
