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
import java.util.concurrent.ThreadLocalRandom;

/** Looks for orphans every second ± 30 %, or as the settings say, so that the nodes do not look all at once. */
@Singleton
@Startup
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class ReaperTimer {
    @Resource
    private TimerService timers;

    @Inject
    private OrphanSweep sweep;

    @Inject
    private LateBeats lateBeats;

    @Inject
    private Heartbeat heartbeat;

    @PostConstruct
    void start() {
        again();
    }

    @Timeout
    void sweep() {
        try {
            sweep.runOnce();
            lateBeats.runOnce();
        } finally {
            again();
        }
    }

    private void again() {
        long usual = heartbeat.reapScan().toMillis();
        timers.createSingleActionTimer(
                ThreadLocalRandom.current().nextLong(usual * 7 / 10, usual * 13 / 10 + 1),
                new TimerConfig(null, false));
    }
}
