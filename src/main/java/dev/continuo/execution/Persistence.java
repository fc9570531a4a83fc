package dev.continuo.execution;

import dev.continuo.node.Lease;
import dev.continuo.sql.Outages;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Repeats a transactional step until the database answers. Every step here is fenced and may be repeated when the
 * outcome of its commit is unknown. A node whose lease is over starts no step: it waits for its next renewal, or for
 * the news that its claim is lost.
 */
final class Persistence {
    private static final System.Logger LOG = System.getLogger(Persistence.class.getName());
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final Lease lease;
    private final Signals signals;
    private final UUID run;

    Persistence(Lease lease, Signals signals, UUID run) {
        this.lease = lease;
        this.signals = signals;
        this.run = run;
    }

    <T> T untilAnswered(String step, Supplier<T> transaction) throws InterruptedException {
        for (int failures = 0; ; failures++) {
            awaitLease();
            try {
                return transaction.get();
            } catch (Stop stop) {
                throw stop;
            } catch (RuntimeException e) {
                if (Outages.isRefusal(e)) {
                    throw e;
                }
                if (failures == 0) {
                    LOG.log(Level.WARNING, "run=" + run + ": " + step + " got no answer; it is tried again", e);
                }
                signals.checkOwnership();
                Thread.sleep(PAUSE);
            }
        }
    }

    /** @throws Stop where the claim was lost meanwhile */
    void awaitLease() throws InterruptedException {
        do {
            signals.checkOwnership();
        } while (!lease.awaitMayStart(PAUSE));
    }
}
