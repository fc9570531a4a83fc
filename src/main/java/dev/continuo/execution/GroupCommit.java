package dev.continuo.execution;

import dev.continuo.run.FlushItem;
import dev.continuo.run.FlushOutcome;
import dev.continuo.run.Flushes;
import dev.continuo.sql.Outages;
import dev.continuo.stats.Stats;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Commits what the runs of this node have appended: all of them in one fenced transaction, 50 ms after the first record
 * or as soon as somebody waits for it or 32 KiB have gathered. Where transactions take long it gathers longer, so that
 * they fill a fifth of the time at most, and hold more records each: a busy database is not made busier. A transaction whose outcome is unknown is simply tried
 * again: the fence compares the idx before the first record, so a segment is never stored twice.
 */
@Singleton
public class GroupCommit {
    static final int HURRY_BYTES = 32 * 1024;

    private static final System.Logger LOG = System.getLogger(GroupCommit.class.getName());
    private static final Duration GATHER = Duration.ofMillis(50);
    private static final Duration GATHER_AT_MOST = Duration.ofMillis(500);
    private static final int REST_PER_WORK = 4;
    private static final Duration AFTER_FAILURE = Duration.ofMillis(250);
    private static final int RUNS_PER_TRANSACTION = 500;

    private final Flushes flushes;
    private final Stats stats;
    private final Set<RunLog> logs = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private boolean work;
    private boolean hurry;
    private boolean failing;
    private Duration lastTook = Duration.ZERO;
    private volatile boolean stopped;

    @Inject
    public GroupCommit(Flushes flushes, Stats stats) {
        this.flushes = flushes;
        this.stats = stats;
        Thread.ofPlatform().name("group-commit").daemon().start(this::loop);
    }

    void join(RunLog log) {
        logs.add(log);
    }

    void leave(RunLog log) {
        logs.remove(log);
    }

    /** Something was appended. */
    void wake() {
        signal(false);
    }

    /** Somebody waits for a commit. */
    void hurry() {
        signal(true);
    }

    @PreDestroy
    void stop() {
        stopped = true;
        hurry();
    }

    private void signal(boolean urgent) {
        lock.lock();
        try {
            if (!work || urgent && !hurry) {
                work = true;
                hurry |= urgent;
                woken.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void loop() {
        while (!stopped) {
            try {
                awaitWork();
                if (!commitAll()) {
                    Thread.sleep(AFTER_FAILURE);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "the group commit tripped; it goes on with the next tick", e);
            }
        }
    }

    private void awaitWork() throws InterruptedException {
        lock.lock();
        try {
            while (!work) {
                woken.await();
            }
            long left = gather(lastTook).toNanos();
            while (!hurry && left > 0) {
                left = woken.awaitNanos(left);
            }
            work = false;
            hurry = false;
        } finally {
            lock.unlock();
        }
    }

    static Duration gather(Duration lastTook) {
        var rest = lastTook.multipliedBy(REST_PER_WORK);
        if (rest.compareTo(GATHER) < 0) {
            return GATHER;
        }
        return rest.compareTo(GATHER_AT_MOST) < 0 ? rest : GATHER_AT_MOST;
    }

    /** False where the database did not answer. */
    private boolean commitAll() {
        var taken = new LinkedHashMap<UUID, RunLog>();
        var items = new ArrayList<FlushItem>();
        for (var log : logs) {
            if (items.size() == RUNS_PER_TRANSACTION) {
                hurry();
                break;
            }
            log.nextFlush().ifPresent(item -> {
                taken.put(log.run(), log);
                items.add(item);
            });
        }
        return items.isEmpty() || commit(taken, items);
    }

    private boolean commit(Map<UUID, RunLog> taken, List<FlushItem> items) {
        long start = System.nanoTime();
        try {
            settle(taken, flushes.flush(items));
            lastTook = Duration.ofNanos(System.nanoTime() - start);
            stats.flushLatency().record(lastTook);
            answered();
            return true;
        } catch (RuntimeException e) {
            if (Outages.isRefusal(e)) {
                return refused(taken, items, e);
            }
            silent(e);
            wake();
            return false;
        }
    }

    /** A record the database refuses must fail its own run only. */
    private boolean refused(Map<UUID, RunLog> taken, List<FlushItem> items, RuntimeException why) {
        if (items.size() == 1) {
            taken.values().forEach(log -> log.refused(why));
            return true;
        }
        boolean answered = true;
        for (var item : items) {
            var run = item.fence().run();
            answered &= commit(Map.of(run, taken.get(run)), List.of(item));
        }
        return answered;
    }

    private void settle(Map<UUID, RunLog> taken, List<FlushOutcome> outcomes) {
        boolean again = false;
        for (var outcome : outcomes) {
            again |= taken.get(outcome.run()).flushed(outcome);
        }
        if (again) {
            wake();
        }
    }

    private void silent(RuntimeException e) {
        if (!failing) {
            failing = true;
            LOG.log(
                    Level.WARNING,
                    "PostgreSQL does not take the log of this node's runs; they wait and are tried again",
                    e);
        }
    }

    private void answered() {
        if (failing) {
            failing = false;
            LOG.log(Level.INFO, "PostgreSQL takes the log of this node's runs again");
        }
    }
}
