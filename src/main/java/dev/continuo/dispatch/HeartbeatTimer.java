package dev.continuo.dispatch;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.Timeout;
import jakarta.ejb.TimerConfig;
import jakarta.ejb.TimerService;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;

/** Triggers one beat every renewal period; the beat has a thread and a connection of its own. */
@Singleton
@Startup
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class HeartbeatTimer {
    @Resource
    private TimerService timers;

    @Inject
    private Heartbeat heartbeat;

    @PostConstruct
    void start() {
        timers.createIntervalTimer(0, Heartbeat.PERIOD.toMillis(), new TimerConfig(null, false));
    }

    @Timeout
    void beat() {
        heartbeat.beat();
    }
}
