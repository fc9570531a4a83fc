package dev.continuo.dispatch;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.Timeout;
import jakarta.ejb.Timer;
import jakarta.ejb.TimerConfig;
import jakarta.ejb.TimerService;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Duration;

/** Triggers one beat every renewal period of the settings, and follows a change of it; the beat has a thread and a connection of its own. */
@Singleton
@Startup
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class HeartbeatTimer {
    @Resource
    private TimerService timers;

    @Inject
    private Heartbeat heartbeat;

    private Duration period;

    @PostConstruct
    void start() {
        every(heartbeat.period(), Duration.ZERO);
    }

    @Timeout
    void beat(Timer timer) {
        heartbeat.beat();
        if (!heartbeat.period().equals(period)) {
            timer.cancel();
            every(heartbeat.period(), heartbeat.period());
        }
    }

    private void every(Duration next, Duration first) {
        timers.createIntervalTimer(first.toMillis(), next.toMillis(), new TimerConfig(null, false));
        period = next;
    }
}
