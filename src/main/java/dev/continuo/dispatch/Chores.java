package dev.continuo.dispatch;

import dev.continuo.live.LiveLog;
import dev.continuo.live.LiveUnavailable;
import dev.continuo.nats.Hints;
import dev.continuo.run.Janitor;
import dev.continuo.stats.Stats;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.lang.System.Logger.Level;

/** What may be late: old segments, dead nodes, spent tickets, what JetStream has of deleted threads, and threads that a bug
 * left without a seat. */
@Singleton
public class Chores {
    private static final System.Logger LOG = System.getLogger(Chores.class.getName());

    private final Janitor janitor;
    private final LiveLog live;
    private final Hints hints;
    private final Stats stats;

    @Inject
    public Chores(Janitor janitor, LiveLog live, Hints hints, Stats stats) {
        this.janitor = janitor;
        this.live = live;
        this.hints = hints;
        this.stats = stats;
    }

    void runOnce() {
        attempt("promoting stuck threads", this::promoteStuck);
        attempt("deleting old segments", janitor::deleteOldSegments);
        attempt("deleting dead nodes", janitor::deleteDeadNodes);
        attempt("deleting expired tickets", janitor::deleteExpiredTickets);
        attempt("deleting files that were never sent", janitor::deleteUnsentFiles);
        attempt("purging deleted threads", this::purge);
    }

    private void promoteStuck() {
        for (var thread : janitor.stuckThreads()) {
            janitor.promoteStuck(thread).ifPresent(run -> {
                stats.promotedByJanitor().increment();
                LOG.log(
                        Level.ERROR,
                        "thread={0} had nobody in its seat, which is a bug; run={1} is READY",
                        thread,
                        run);
                hints.lookNow();
            });
        }
    }

    /** Safe to repeat, also by two nodes at once. */
    private void purge() {
        for (var thread : janitor.duePurges()) {
            try {
                live.forget(thread);
            } catch (LiveUnavailable e) {
                LOG.log(
                        Level.INFO,
                        "thread={0} is deleted, but not yet in JetStream; the next minute tries again",
                        thread);
                return;
            }
            janitor.purged(thread);
        }
    }

    private static void attempt(String chore, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, chore + " failed; the next minute tries again", e);
        }
    }
}
