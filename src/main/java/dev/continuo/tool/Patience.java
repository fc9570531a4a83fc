package dev.continuo.tool;

import dev.continuo.sql.Outages;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Repeats a statement of ours until the database answers. The run whose call it belongs to could not go on without the
 * database anyway, and interrupts whoever waits here when it ends.
 */
final class Patience {
    private static final System.Logger LOG = System.getLogger(Patience.class.getName());
    private static final Duration PAUSE = Duration.ofMillis(250);

    private Patience() {}

    static <T> T untilAnswered(UUID run, Supplier<T> statement) throws InterruptedException {
        for (int failures = 0; ; failures++) {
            try {
                return statement.get();
            } catch (RuntimeException e) {
                if (!Outages.mayPass(e)) {
                    throw e;
                }
                if (failures == 0) {
                    LOG.log(Level.WARNING, "run=" + run + ": an output of a tool waits for the database", e);
                }
                Thread.sleep(PAUSE);
            }
        }
    }
}
