package dev.continuo.dispatch;

import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;

/** Every minute, on whichever node gets there first. */
@Singleton
@Startup
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class JanitorTimer {
    @Inject
    private Chores chores;

    @Schedule(hour = "*", minute = "*", second = "30", persistent = false)
    void tick() {
        chores.runOnce();
    }
}
