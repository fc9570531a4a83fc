package dev.continuo.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.intake.Acceptance.Accepted;
import dev.continuo.run.TrialNode.Mutant;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.Child;
import dev.continuo.testkit.Postgres;
import dev.continuo.testkit.TempFolder;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Node processes on one database that die at named points, freeze, lose their sessions and their database; then a
 * checker reads what is left. A mechanism that is switched off must be missed, else the trial proves nothing.
 */
class SqlTrialIT {
    private static final Logger LOG = System.getLogger(SqlTrialIT.class.getName());
    private static final Duration LEASE = Duration.ofMillis(1500);
    private static final long SEED = Long.getLong("continuo.trial.seed", 1);
    private static final Duration LENGTH = Duration.ofSeconds(Long.getLong("continuo.trial.seconds", 15));
    private static final Duration HEAL = Duration.ofSeconds(60);

    private final Path folder = TempFolder.create("trial");
    private static final Postgres POSTGRES = Postgres.launch();

    private final Truth truth = new Truth(POSTGRES.database());
    private final Random random = new Random(SEED);
    private final Map<String, UUID> posted = new ConcurrentHashMap<>();
    private final List<Child> nodes = new ArrayList<>();
    private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
    private final AtomicBoolean posting = new AtomicBoolean(true);
    private int started;

    @AfterEach
    void end() throws Exception {
        posting.set(false);
        later.shutdownNow();
        nodes.forEach(Child::kill9);
        truth.tx.close();
    }

    @AfterAll
    static void stop() {
        POSTGRES.close();
    }

    private void prepare() {
        truth.execute("update settings set lease = '1500 ms', renewal = '300 ms', probe_age = '600 ms'");
        truth.execute("""
                create table trial_events (at timestamptz not null default clock_timestamp(), kind text, run_id uuid,
                  thread_id uuid, turn bigint, epoch bigint, node text)""");
    }

    private Child start(Mutant mutant, double crashes, double lostAnswers) {
        String name = "n" + ++started;
        var command = new ArrayList<String>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                TrialNode.class.getName()));
        command.addAll(List.of(
                TrialNode.arguments(truth.database.jdbcUrl(), name, random.nextLong(), mutant, crashes, lostAnswers)));
        Child child = Child.start(name, folder.resolve(name + ".log"), Map.of(), command);
        nodes.add(child);
        return child;
    }

    /** Posts, repeats what it does not know the outcome of, and cancels now and then. */
    private void post(int threads, Duration pause) {
        for (int poster = 0; poster < 4; poster++) {
            int number = poster;
            Thread.ofPlatform().daemon().name("poster " + poster).start(() -> {
                var mine = new Random(SEED * 31 + number);
                for (int i = 0; posting.get(); i++) {
                    String key = "k" + number + "-" + i;
                    String thread = "t" + mine.nextInt(threads);
                    deliver(thread, key);
                    if (mine.nextInt(5) == 0) {
                        deliver(thread, key);
                    }
                    if (mine.nextInt(15) == 0) {
                        cancel(posted.get(key));
                    }
                    LockSupport.parkNanos(pause.toNanos());
                }
            });
        }
    }

    private void deliver(String thread, String key) {
        while (posting.get()) {
            try {
                if (truth.send(truth.message(thread, key, key)) instanceof Accepted accepted) {
                    UUID before = posted.put(key, accepted.run());
                    assertThat(before == null || before.equals(accepted.run())).isTrue();
                }
                return;
            } catch (RuntimeException e) {
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
        }
    }

    private void cancel(UUID run) {
        try {
            if (run != null) {
                truth.cancel(run);
            }
        } catch (RuntimeException e) {
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    private boolean allFinished() {
        try {
            return truth.one("select count(*) from runs where finished_at is null", int.class) == 0;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private int events(String kind) {
        return truth.one("select count(*) from trial_events where kind = '" + kind + "'", int.class);
    }

    private void awaitWork() {
        Await.until("the nodes work", Duration.ofSeconds(60), () -> events("finish") >= nodes.size());
    }

    private static void goOn(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    @Test
    void nothing_is_lost_doubled_or_mixed_whatever_dies() {
        prepare();
        post(16, Duration.ofMillis(150));
        for (int i = 0; i < 4; i++) {
            start(Mutant.NOTHING, 0.002, 0.01);
        }
        awaitWork();
        faults(Mutant.NOTHING, 0.002);
        posting.set(false);

        Await.until("every run has its terminal", HEAL, () -> {
            respawn(Mutant.NOTHING, 0);
            return allFinished();
        });

        assertThat(TrialCheck.violations(truth, posted)).isEmpty();
        LOG.log(
                Level.INFO,
                "trial: " + posted.size() + " runs, " + events("claim") + " claims, " + events("reap") + " reaped, "
                        + events("reconcile") + " reconciled, " + started + " node starts");
        assertThat(events("reap")).isPositive();
    }

    private void faults(Mutant mutant, double crashes) {
        long end = System.nanoTime() + LENGTH.toNanos();
        long restart = System.nanoTime() + LENGTH.dividedBy(2).toNanos();
        while (System.nanoTime() < end) {
            goOn(Duration.ofMillis(300 + random.nextInt(600)));
            respawn(mutant, crashes);
            Child node = nodes.get(random.nextInt(nodes.size()));
            int dice = random.nextInt(100);
            if (dice < 30) {
                node.kill9();
            } else if (dice < 75) {
                freeze(node);
            } else if (dice < 90) {
                cutSessions();
            }
            if (System.nanoTime() > restart) {
                restart = Long.MAX_VALUE;
                POSTGRES.restart();
            }
        }
    }

    private void respawn(Mutant mutant, double crashes) {
        int dead = 0;
        for (var each = nodes.iterator(); each.hasNext(); ) {
            if (!each.next().alive()) {
                each.remove();
                dead++;
            }
        }
        for (int i = 0; i < dead; i++) {
            start(mutant, crashes, 0.01);
        }
    }

    private void freeze(Child node) {
        if (node.alive()) {
            node.stop();
            long millis = LEASE.toMillis() / 2 + random.nextInt((int) LEASE.toMillis() * 2);
            later.schedule(
                    () -> {
                        if (node.alive()) {
                            node.cont();
                        }
                    },
                    millis,
                    TimeUnit.MILLISECONDS);
        }
    }

    private void cutSessions() {
        try {
            truth.execute("""
                    select pg_terminate_backend(pid) from pg_stat_activity
                    where backend_type = 'client backend' and pid <> pg_backend_pid() and random() < 0.4""");
        } catch (RuntimeException e) {
            goOn(Duration.ofMillis(100));
        }
    }

    @Test
    void without_the_fence_texts_are_mixed() {
        prepare();
        post(12, Duration.ofMillis(150));
        for (int i = 0; i < 3; i++) {
            start(Mutant.FENCE, 0, 0);
        }
        awaitWork();

        Await.until("a zombie has written into the text of another", Duration.ofSeconds(60), () -> {
            Child node = nodes.get(random.nextInt(nodes.size()));
            node.stop();
            goOn(LEASE.multipliedBy(2));
            node.cont();
            goOn(LEASE.dividedBy(3));
            return mixed();
        });
    }

    private boolean mixed() {
        return TrialCheck.violations(truth, Map.of()).stream().anyMatch(v -> v.startsWith("I7"));
    }

    @Test
    void after_an_outage_healthy_nodes_keep_their_runs() {
        outages(Mutant.NOTHING, 1);

        assertThat(events("reap")).isZero();
    }

    @Test
    void without_the_guards_the_first_one_back_takes_everybodys_runs() {
        outages(Mutant.GUARDS, 5);

        assertThat(events("reap")).isPositive();
    }

    /** Longer than a lease each, until something was stolen. */
    private void outages(Mutant mutant, int atMost) {
        prepare();
        post(12, Duration.ofMillis(150));
        for (int i = 0; i < 3; i++) {
            start(mutant, 0, 0);
        }
        awaitWork();
        for (int i = 0; i < atMost && events("reap") == 0; i++) {
            POSTGRES.stop();
            goOn(LEASE.multipliedBy(2));
            POSTGRES.start();
            goOn(LEASE.multipliedBy(2));
        }
    }

    @Test
    void without_the_reconciler_a_claim_whose_answer_got_lost_is_stuck() {
        assertThat(lostAnswersLeave(Mutant.RECONCILER)).isPositive();
    }

    @Test
    void with_the_reconciler_it_is_not() {
        assertThat(lostAnswersLeave(Mutant.NOTHING)).isZero();
    }

    private int lostAnswersLeave(Mutant mutant) {
        prepare();
        for (int i = 0; i < 8; i++) {
            truth.post("t" + i);
        }
        start(mutant, 0, 0.4);
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!allFinished() && System.nanoTime() < end && !onlyForgottenAreLeft()) {
            goOn(Duration.ofMillis(100));
        }
        return truth.one("select count(*) from runs where finished_at is null", int.class);
    }

    /** Nothing has moved for longer than any run here takes, and a reconciler would have come round several times. */
    private boolean onlyForgottenAreLeft() {
        return truth.one("""
                select count(*) = 0 from runs where state = 'READY'
                  or state = 'RUNNING' and first_claimed_at > clock_timestamp() - interval '5 s'""", boolean.class);
    }
}
