package dev.continuo.run;

import dev.continuo.log.Chunk;
import dev.continuo.log.Chunks;
import dev.continuo.log.LogRecord;
import dev.continuo.log.Segment;
import dev.continuo.node.Lease;
import dev.continuo.node.NodeId;
import dev.continuo.testkit.Tx;
import dev.continuo.thread.Messages;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A node of the trial, as a process of its own: real statements, invented text. It restrains itself by nothing, so that
 * what keeps its zombies harmless is the SQL alone.
 */
public final class TrialNode {
    /** What is switched off, to see that it is missed. */
    enum Mutant {
        NOTHING,
        FENCE,
        GUARDS,
        RECONCILER
    }

    /** Where a process may die. */
    enum CrashPoint {
        CLAIMED,
        OPENED,
        FLUSHED_NOT_COMMITTED,
        FLUSHED,
        ALL_FLUSHED,
        FINISHED_NOT_COMMITTED,
        FINISHED
    }

    /** The row is somebody else's. */
    private static final class LostException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static final int WORKERS = 10;
    /** Of a worker that found nothing; with less, a machine of two cores does little but look for work. */
    private static final Duration PAUSE = Duration.ofMillis(150);

    private final NodeId me;
    private final Random random;
    private final Mutant mutant;
    private final double crashes;
    private final double lostAnswers;
    private final PGSimpleDataSource source = new PGSimpleDataSource();
    private final Tx tx;
    private final Jdbi jdbi;
    private final Set<UUID> known = ConcurrentHashMap.newKeySet();
    private final Lease lease = new Lease();

    private TrialNode(String url, String name, long seed, Mutant mutant, double crashes, double lostAnswers) {
        this.me = new NodeId(name, UUID.randomUUID());
        this.random = new Random(seed);
        this.mutant = mutant;
        this.crashes = crashes;
        this.lostAnswers = lostAnswers;
        source.setUrl(url);
        source.setSocketTimeout(10);
        source.setOptions("-c lock_timeout=5000 -c idle_in_transaction_session_timeout=5000 -c statement_timeout=8000");
        this.tx = new Tx(source);
        this.jdbi = tx.jdbi();
        if (mutant == Mutant.GUARDS) {
            jdbi.getConfig(SqlStatements.class)
                    .setTemplateEngine((sql, _) ->
                            sql.replace("and pg_postmaster_start_time() < clock_timestamp() - s.lease", ""));
        }
    }

    static String[] arguments(String url, String name, long seed, Mutant mutant, double crashes, double lostAnswers) {
        return new String[] {url, name, seed + "", mutant.name(), crashes + "", lostAnswers + ""};
    }

    public static void main(String[] args) {
        new TrialNode(
                        args[0],
                        args[1],
                        Long.parseLong(args[2]),
                        Mutant.valueOf(args[3]),
                        Double.parseDouble(args[4]),
                        Double.parseDouble(args[5]))
                .run();
    }

    private void run() {
        loop("heartbeat", this::beatForever, Duration.ofMillis(400));
        loop("reaper", this::reap, Duration.ofMillis(300));
        if (mutant != Mutant.RECONCILER) {
            var before = new HashSet<UUID>();
            loop("reconciler", () -> reconcile(before), Duration.ofMillis(400));
        }
        for (int i = 0; i < WORKERS; i++) {
            loop("worker " + i, this::work, PAUSE);
        }
        while (true) {
            LockSupport.park();
        }
    }

    private static void loop(String name, Runnable once, Duration pause) {
        Thread.ofPlatform().daemon().name(name).start(() -> {
            while (true) {
                try {
                    once.run();
                } catch (LostException e) {
                    continue;
                } catch (RuntimeException e) {
                    System.out.println(name + ": " + e.getMessage());
                }
                LockSupport.parkNanos(pause.toNanos());
            }
        });
    }

    private void beatForever() {
        var leases = new Leases();
        try (Connection connection = source.getConnection()) {
            var beat = new Beat(me, me.boot().getMostSignificantBits(), Beat.Readiness.SERVING, "{}", Optional.empty());
            while (true) {
                long sent = lease.now();
                Renewal renewal = leases.renew(connection, beat);
                lease.renewed(sent, renewal.cadence().lease());
                LockSupport.parkNanos(renewal.cadence().renewal().toNanos());
            }
        } catch (java.sql.SQLException e) {
            lease.failed();
            throw new IllegalStateException(e);
        }
    }

    private void reap() {
        var unbroken = mutant == Mutant.GUARDS ? Duration.ofDays(1) : lease.unbroken();
        tx.run(() -> new Reaper(jdbi).reap(new UnbrokenRenewals(unbroken)).forEach(r -> event("reap", r.run(), 0)));
    }

    private void reconcile(Set<UUID> before) {
        var reconciles = new Reconciles(jdbi);
        var missing = new ArrayList<Fence>();
        reconciles.rowsThatSayMe(me).stream()
                .map(Reconciles.Mine::fence)
                .filter(f -> !known.contains(f.claimId()))
                .forEach(missing::add);
        var twice = missing.stream().filter(f -> before.contains(f.claimId())).toList();
        if (!twice.isEmpty()) {
            tx.run(() -> reconciles.giveBack(me, twice).forEach(run -> event("reconcile", run, 0)));
        }
        before.clear();
        missing.forEach(f -> before.add(f.claimId()));
    }

    private void event(String kind, UUID run, long epoch) {
        jdbi.useHandle(h -> h.createUpdate("""
                        insert into trial_events (kind, run_id, thread_id, turn, epoch, node)
                        select :kind, run_id, thread_id, turn, :epoch, :node from runs where run_id = :run""")
                .bind("kind", kind)
                .bind("run", run)
                .bind("epoch", epoch)
                .bind("node", me.name())
                .execute());
    }

    private synchronized double chance() {
        return random.nextDouble();
    }

    private int below(int bound) {
        return (int) (chance() * bound);
    }

    private void mayCrash(CrashPoint point) {
        if (chance() < crashes) {
            System.out.println("crash at " + point);
            Runtime.getRuntime().halt(9);
        }
    }

    private void work() {
        UUID claimId = UUID.randomUUID();
        known.add(claimId);
        try {
            var claims = tx.call(() -> {
                var taken = new Claims(jdbi).claim(me, 1, claimId).claims();
                taken.forEach(c -> event("claim", c.run(), c.epoch()));
                return taken;
            });
            mayCrash(CrashPoint.CLAIMED);
            if (!claims.isEmpty() && chance() >= lostAnswers) {
                write(claims.getFirst());
            }
        } finally {
            known.remove(claimId);
        }
    }

    private void write(Claim claim) {
        Fence fence = claim.fence();
        var opening = claim.opened()
                ? new Opening(
                        fence,
                        me.name(),
                        claim.committedIdx(),
                        List.of(),
                        OptionalLong.empty(),
                        new Voided.Unknown(),
                        "takeover")
                : Opening.first(fence, me.name());
        if (repeat(() -> tx.call(() -> new Opens(jdbi).open(opening))) instanceof OpenResult.Lost) {
            throw new LostException();
        }
        mayCrash(CrashPoint.OPENED);
        int idx = claim.committedIdx();
        boolean done = idx > 0 && isDone(claim.run());
        if (idx > 0 && !done && chance() < 0.5) {
            idx = below(2) == 0 ? 0 : below(idx + 1);
            var fork = new Fork(fence, me.name(), idx, new Voided.Unknown(), Fork.Cause.OTHER_TEXT, "difference");
            fence = switch (repeat(() -> tx.call(() -> new Forks(jdbi).fork(fork)))) {
                case ForkResult.Forked forked -> forked.next();
                case ForkResult.Lost _ -> throw new LostException();
            };
        }
        if (!done) {
            writeText(claim, fence, idx);
        }
        mayCrash(CrashPoint.ALL_FLUSHED);
        finish(fence);
    }

    private boolean isDone(UUID run) {
        var segments =
                new Snapshots(jdbi).read(run, 0).orElseThrow(LostException::new).segments();
        List<LogRecord> log = SegmentRows.records(segments);
        return !log.isEmpty() && new String(log.getLast().chunk(), StandardCharsets.UTF_8).contains(":end ");
    }

    private void writeText(Claim claim, Fence fence, int base) {
        String generation = UUID.randomUUID().toString().substring(0, 6);
        int last = Math.max(base, 2) + length();
        int first = base + 1;
        var pending = new ArrayList<Chunk>();
        for (int idx = first; idx <= last; idx++) {
            pending.add(
                    switch (idx) {
                        case 1 -> Chunks.start(claim.answerId());
                        case 2 -> Chunks.textStart("t");
                        default ->
                            Chunks.textDelta(
                                    "t",
                                    idx + ":" + fence.epoch() + ":" + generation + (idx == last ? ":end " : ":more "));
                    });
            LockSupport.parkNanos(Duration.ofMillis(5 + below(20)).toNanos());
            if (pending.size() >= 4 || idx == last) {
                flush(fence, first, pending);
                first = idx + 1;
                pending.clear();
            }
        }
    }

    /** Most are short, so that there are many; every eighth is longer than a lease, because short ones hide zombies. */
    private int length() {
        return below(8) == 0 ? 150 + below(200) : 5 + below(40);
    }

    private void flush(Fence fence, int first, List<Chunk> chunks) {
        var segment = Segment.of(Truth.records(fence.epoch(), first, chunks), OptionalLong.empty())
                .orElseThrow();
        while (true) {
            FlushItem item = mutant == Mutant.FENCE ? unfenced(fence, segment) : new FlushItem(fence, segment);
            FlushOutcome outcome = repeat(() -> tx.call(() -> {
                var done = new Flushes(jdbi).flush(List.of(item)).getFirst();
                mayCrash(CrashPoint.FLUSHED_NOT_COMMITTED);
                return done;
            }));
            switch (outcome) {
                case FlushOutcome.Committed _ -> {
                    mayCrash(CrashPoint.FLUSHED);
                    return;
                }
                case FlushOutcome.Mine mine
                when mine.committedIdx() == segment.last() -> {
                    return;
                }
                case FlushOutcome.Skipped _ ->
                    LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                case FlushOutcome.Mine _, FlushOutcome.Lost _ -> throw new LostException();
            }
        }
    }

    /** Who asks the row whose it is, instead of saying whose it was, has no fence. */
    private FlushItem unfenced(Fence fence, Segment segment) {
        return jdbi.withHandle(h -> h.createQuery("select epoch, claim_id, committed_idx from runs where run_id = :run")
                .bind("run", fence.run())
                .map((rs, _) -> {
                    int first = rs.getInt("committed_idx") + 1;
                    long epoch = rs.getLong("epoch");
                    return new FlushItem(
                            new Fence(fence.run(), epoch, rs.getObject("claim_id", UUID.class)),
                            new Segment(
                                    first,
                                    first + segment.last() - segment.first(),
                                    epoch,
                                    segment.jsSeq(),
                                    segment.payload()));
                })
                .findOne()
                .orElseThrow(LostException::new));
    }

    private void finish(Fence fence) {
        var messages = new Messages(jdbi);
        repeat(() -> tx.call(() -> {
            var result = new Finishes(jdbi, new Endings(messages))
                    .finish(fence, Outcome.completed("stop", Optional.empty()));
            if (result instanceof FinishResult.Finished) {
                event("finish", fence.run(), fence.epoch());
            }
            mayCrash(CrashPoint.FINISHED_NOT_COMMITTED);
            return result;
        }));
        mayCrash(CrashPoint.FINISHED);
    }

    /** Unknown outcomes are asked about by asking again. */
    private static <T> T repeat(java.util.function.Supplier<T> step) {
        while (true) {
            try {
                return step.get();
            } catch (LostException e) {
                throw e;
            } catch (RuntimeException e) {
                System.out.println("again after " + e.getMessage());
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        }
    }
}
