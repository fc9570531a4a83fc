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
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Looks for orphans every second ± 30 %, so that the nodes do not look all at once. */
@Singleton
@Startup
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class ReaperTimer {
    private static final long SHORTEST = Duration.ofMillis(700).toMillis();
    private static final long LONGEST = Duration.ofMillis(1300).toMillis();

    @Resource
    private TimerService timers;

    @Inject
    private OrphanSweep sweep;

    @PostConstruct
    void start() {
        again();
    }

    @Timeout
    void sweep() {
        try {
            sweep.runOnce();
        } finally {
            again();
        }
    }

    private void again() {
        timers.createSingleActionTimer(
                ThreadLocalRandom.current().nextLong(SHORTEST, LONGEST + 1), new TimerConfig(null, false));
    }
}
