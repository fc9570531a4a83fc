package dev.continuo.soak;

import dev.continuo.testkit.Api;
import dev.continuo.testkit.Cluster;
import dev.continuo.testkit.CommitTrap;
import dev.continuo.testkit.FaultProxy;
import dev.continuo.testkit.LibertyNode;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/** Does what a plan says, each fault when its time has come, and undoes it when its length is over. */
final class Injector {
    private static final Duration EXIT = Duration.ofSeconds(40);
    /** Statements of a flush, of a finish, of an accept. */
    private static final List<String> COMMITS = List.of("run_segments", "finished_at", "insert into messages");

    private final Cluster cluster;
    private final Ledger ledger;
    private final Recorder recorder;
    private final Consumer<String> say;
    private final Random random;
    private final List<Thread> underWay = new ArrayList<>();
    private final Set<Integer> ofNoUse = new HashSet<>();

    Injector(Cluster cluster, Ledger ledger, Recorder recorder, long seed, Consumer<String> say) {
        this.cluster = cluster;
        this.ledger = ledger;
        this.recorder = recorder;
        this.say = say;
        this.random = new Random(seed * 31 + 13);
    }

    /** Returns when the last fault is over. */
    void go(FaultPlan plan) {
        long began = System.nanoTime();
        for (var planned : plan.faults()) {
            Pause.millis(planned.at().toMillis() - (System.nanoTime() - began) / 1_000_000);
            long seed = random.nextLong();
            underWay.add(Thread.ofVirtual().name("fault").start(() -> one(planned, new Random(seed))));
        }
        for (Thread thread : underWay) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void one(FaultPlan.Planned planned, Random mine) {
        if (!begin(planned)) {
            recorder.count("fault left out: a node was not back yet");
            return;
        }
        long from = System.currentTimeMillis();
        String target = planned.node() == 0 ? "" : cluster.node(planned.node()).id();
        try {
            inject(planned, mine);
            recorder.add(new Injected(planned.kind(), target, from, System.currentTimeMillis()));
        } catch (RuntimeException | AssertionError e) {
            say.accept(planned.kind().shown() + " of " + target + " did not work: " + e.getMessage());
            recorder.count("fault that did not work: " + planned.kind().shown());
        } finally {
            end(planned);
        }
    }

    /** A slow machine starts a node later than planned, and one of them must be of use all the time. */
    private synchronized boolean begin(FaultPlan.Planned planned) {
        if (planned.kind().disables() && !ofNoUse.isEmpty() || ofNoUse.contains(planned.node())) {
            return false;
        }
        if (planned.kind().disables()) {
            ofNoUse.add(planned.node());
        }
        return true;
    }

    private synchronized void end(FaultPlan.Planned planned) {
        if (planned.kind().disables()) {
            ofNoUse.remove(planned.node());
        }
    }

    private void inject(FaultPlan.Planned planned, Random mine) {
        switch (planned.kind()) {
            case NODE_KILL -> {
                node(planned).kill9();
                last(planned);
                startAgain(node(planned));
            }
            case NODE_TERM -> {
                node(planned).term();
                if (!node(planned).awaitExit(EXIT)) {
                    recorder.count("a node that did not leave when asked to");
                    node(planned).kill9();
                }
                last(planned);
                startAgain(node(planned));
            }
            case NODE_PAUSE, NODE_FREEZE -> {
                node(planned).freeze();
                last(planned);
                node(planned).thaw();
            }
            case BROKER_KILL -> {
                cluster.nats().kill9();
                last(planned);
                cluster.nats().start();
            }
            case BROKER_RESTART -> {
                cluster.nats().stop();
                last(planned);
                cluster.nats().start();
            }
            case BROKER_EMPTY -> {
                cluster.nats().kill9();
                last(planned);
                cluster.nats().startEmpty();
            }
            case BROKER_FREEZE -> {
                cluster.nats().freeze();
                last(planned);
                cluster.nats().thaw();
            }
            case DATABASE_RESTART -> {
                cluster.postgres().stop();
                last(planned);
                cluster.postgres().start();
            }
            case BACKEND_KILL -> ledger.execute("""
                    select pg_terminate_backend(pid) from pg_stat_activity
                    where backend_type = 'client backend' and application_name <> 'soak' and random() < 0.4""");
            case ROW_LOCK -> holdSomeRow(planned);
            case RUN_RELEASE -> takeSomeRunAway(mine);
            case DB_DELAY -> through(database(planned), planned, line -> line.delay(late(mine)));
            case DB_TRICKLE -> through(database(planned), planned, line -> line.trickle(slow(mine)));
            case DB_CUT -> database(planned).cut(how(mine));
            case DB_BLACK_HOLE -> through(database(planned), planned, line -> hole(line, mine));
            case DB_HALF_OPEN -> through(database(planned), planned, line -> line.halfOpen(end(mine)));
            case DB_LOST_ANSWER -> trap(planned, CommitTrap.Then.LOSE_THE_ANSWER, mine);
            case DB_LOST_COMMIT -> trap(planned, CommitTrap.Then.LOSE_THE_REQUEST, mine);
            case NATS_DELAY -> through(nats(planned), planned, line -> line.delay(late(mine)));
            case NATS_TRICKLE -> through(nats(planned), planned, line -> line.trickle(slow(mine)));
            case NATS_CUT -> nats(planned).cut(how(mine));
            case NATS_BLACK_HOLE -> through(nats(planned), planned, line -> hole(line, mine));
            case NATS_HALF_OPEN -> through(nats(planned), planned, line -> line.halfOpen(end(mine)));
            case PROVIDER_DELAY -> through(provider(planned), planned, line -> line.delay(late(mine)));
            case PROVIDER_CUT -> provider(planned).cut(how(mine));
            case PROVIDER_BLACK_HOLE -> through(provider(planned), planned, line -> hole(line, mine));
            case PROVIDER_REFUSED -> through(provider(planned), planned, FaultProxy::refuse);
        }
    }

    private LibertyNode node(FaultPlan.Planned planned) {
        return cluster.node(planned.node());
    }

    private FaultProxy database(FaultPlan.Planned planned) {
        return cluster.lines(planned.node()).database();
    }

    private FaultProxy nats(FaultPlan.Planned planned) {
        return cluster.lines(planned.node()).nats();
    }

    private FaultProxy provider(FaultPlan.Planned planned) {
        return cluster.lines(planned.node()).provider();
    }

    private static void last(FaultPlan.Planned planned) {
        Pause.millis(planned.length().toMillis());
    }

    private static void through(FaultProxy line, FaultPlan.Planned planned, Consumer<FaultProxy> fault) {
        fault.accept(line);
        try {
            last(planned);
        } finally {
            line.heal();
        }
    }

    private void trap(FaultPlan.Planned planned, CommitTrap.Then then, Random mine) {
        CommitTrap trap = database(planned).trapCommit(COMMITS.get(mine.nextInt(COMMITS.size())), then);
        long until = System.nanoTime() + planned.length().toNanos();
        while (!trap.hasSprung() && System.nanoTime() < until) {
            Pause.millis(20);
        }
        database(planned).heal();
        recorder.count(trap.hasSprung() ? "commit trap that sprang" : "commit trap that caught nothing");
    }

    private static Duration late(Random mine) {
        return Duration.ofMillis(20 + mine.nextInt(mine.nextInt(4) == 0 ? 1_500 : 200));
    }

    private static int slow(Random mine) {
        return 2_000 + mine.nextInt(30_000);
    }

    private static FaultProxy.Cut how(Random mine) {
        return mine.nextBoolean() ? FaultProxy.Cut.RESET : FaultProxy.Cut.FIN;
    }

    private static FaultProxy.End end(Random mine) {
        return mine.nextBoolean() ? FaultProxy.End.CLIENT : FaultProxy.End.SERVER;
    }

    private static void hole(FaultProxy line, Random mine) {
        switch (mine.nextInt(4)) {
            case 0 -> line.blackHole(FaultProxy.Way.TO_CLIENT);
            case 1 -> line.blackHole(FaultProxy.Way.TO_SERVER);
            default -> line.blackHole();
        }
    }

    private void startAgain(LibertyNode node) {
        for (int tries = 1; !node.running() || !node.ready(); tries++) {
            if (!node.running()) {
                node.start();
            }
            try {
                node.awaitReady();
            } catch (AssertionError e) {
                if (tries == 3) {
                    throw e;
                }
                recorder.count("a node that did not start at once");
            }
        }
    }

    /** As a session that froze in the middle of a transaction: somebody's row is locked. */
    private void holdSomeRow(FaultPlan.Planned planned) {
        try (var connection = ledger.open();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("""
                    select 1 from runs where run_id in (
                      select run_id from runs where state = 'RUNNING' order by random() limit 2) for update skip locked""");
            last(planned);
            connection.rollback();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void takeSomeRunAway(Random mine) {
        var node = cluster.node(1 + mine.nextInt(cluster.nodes().size()));
        try (var connection = ledger.open();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                        select run_id from runs r where state = 'RUNNING'
                          and org_id = (select org_id from organisations where name = 'default')
                        order by random() limit 1""")) {
            if (rows.next()) {
                int status = new Api(node.url(), cluster.apiKey())
                        .post("/api/admin/runs/" + rows.getString(1) + "/release", "{}")
                        .status();
                recorder.count("release " + status);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (UncheckedIOException e) {
            recorder.count("release without an answer");
        }
    }
}
