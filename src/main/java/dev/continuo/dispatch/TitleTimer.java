package dev.continuo.dispatch;

import dev.continuo.execution.TitleWriter;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;

/** Every other second: a title is nothing to hurry for. */
@Singleton
@Startup
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class TitleTimer {
    @Inject
    private TitleWriter titles;

    @Schedule(hour = "*", minute = "*", second = "*/2", persistent = false)
    void tick() {
        titles.look();
    }
}
