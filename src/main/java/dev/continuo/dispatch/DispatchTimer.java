package dev.continuo.dispatch;

import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;

/** Every second, whatever the hints said. */
@Singleton
@Startup
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class DispatchTimer {
    @Inject
    private Dispatcher dispatcher;

    @Schedule(hour = "*", minute = "*", second = "*", persistent = false)
    void tick() {
        dispatcher.look();
    }
}
