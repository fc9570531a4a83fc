package dev.continuo.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.intake.Acceptance.Accepted;
import dev.continuo.run.TrialNode.Mutant;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.Child;
import dev.continuo.testkit.Postgres;
import dev.continuo.testkit.TempFolder;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
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

/** Node processes on one database of their own, people who post to it, and faults for both. */
final class Trial implements AutoCloseable {
    static final Duration LEASE = Duration.ofMillis(1500);

    private static final long SEED = Long.getLong("continuo.trial.seed", 1);
    private static final int MOST_UNFINISHED = 300;

    /** What is done to nodes and to the database between them. */
    enum Fault {
        KILL,
        FREEZE,
        CUT_SESSIONS,
        RESTART_DATABASE
    }

    final Truth truth;
    final Map<String, UUID> posted = new ConcurrentHashMap<>();
    final List<Child> nodes = new ArrayList<>();
    final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
    final Random random = new Random(SEED);
    int started;

    private final Postgres postgres;
    private final Path folder = TempFolder.create("trial");
    private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
    private final AtomicBoolean posting = new AtomicBoolean(true);
    private long exits;

    /** A lease of a quarter of the usual one, so that runs are long against it. */
    Trial(Postgres postgres) {
        this.postgres = postgres;
        this.truth = new Truth(postgres.database());
        truth.execute("update settings set lease = '1500 ms', renewal = '300 ms', probe_age = '600 ms'");
        truth.execute("""
                create table trial_events (at timestamptz not null default clock_timestamp(), kind text, run_id uuid,
                  thread_id uuid, turn bigint, epoch bigint, node text)""");
    }

    @Override
    public void close() throws SQLException {
        posting.set(false);
        later.shutdownNow();
        nodes.forEach(Child::kill9);
        truth.tx.close();
    }

    Child start(Mutant mutant, double crashes, double lostAnswers) {
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

    void start(int count, Mutant mutant, double crashes, double lostAnswers) {
        for (int i = 0; i < count; i++) {
            start(mutant, crashes, lostAnswers);
        }
        Await.until("the nodes work", Duration.ofSeconds(60), () -> events("finish") >= nodes.size());
    }

    /** Posts, repeats what it does not know the outcome of, and cancels now and then. */
    void post(int posters, int threads, Duration pause) {
        for (int poster = 0; poster < posters; poster++) {
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
                    goOn(pause);
                    if (i % 16 == 0) {
                        awaitRoom();
                    }
                }
            });
        }
    }

    /** The queue's own limit is not what is tried here. */
    private void awaitRoom() {
        while (posting.get() && unfinished() > MOST_UNFINISHED) {
            goOn(Duration.ofMillis(200));
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
                goOn(Duration.ofMillis(100));
            }
        }
    }

    private void cancel(UUID run) {
        try {
            if (run != null) {
                truth.cancel(run);
            }
        } catch (RuntimeException e) {
            goOn(Duration.ofMillis(100));
        }
    }

    void stopPosting() {
        posting.set(false);
    }

    boolean allFinished() {
        return unfinished() == 0;
    }

    /** A database that does not answer has something unfinished. */
    private int unfinished() {
        try {
            return truth.one("select count(*) from runs where finished_at is null", int.class);
        } catch (RuntimeException e) {
            return Integer.MAX_VALUE;
        }
    }

    int events(String kind) {
        return truth.one("select count(*) from trial_events where kind = '" + kind + "'", int.class);
    }

    /** The faults of our own and the deaths at named points. */
    long faults() {
        return exits
                + faults.entrySet().stream()
                        .filter(e -> e.getKey() != Fault.KILL)
                        .mapToInt(Map.Entry::getValue)
                        .sum();
    }

    /** One fault, or a moment of calm, and a new process for each that died. */
    void disturb(Mutant mutant, double crashes) {
        respawn(mutant, crashes);
        Child node = nodes.get(random.nextInt(nodes.size()));
        int dice = random.nextInt(100);
        if (dice < 30) {
            node.kill9();
            happened(Fault.KILL);
        } else if (dice < 70) {
            freeze(node);
        } else if (dice < 84) {
            cutSessions();
        }
    }

    void restartDatabase() {
        postgres.restart();
        happened(Fault.RESTART_DATABASE);
    }

    void respawn(Mutant mutant, double crashes) {
        int dead = 0;
        for (var each = nodes.iterator(); each.hasNext(); ) {
            if (!each.next().alive()) {
                each.remove();
                dead++;
            }
        }
        exits += dead;
        for (int i = 0; i < dead; i++) {
            start(mutant, crashes, 0.01);
        }
    }

    private void freeze(Child node) {
        if (node.alive()) {
            node.stop();
            happened(Fault.FREEZE);
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
            happened(Fault.CUT_SESSIONS);
        } catch (RuntimeException e) {
            goOn(Duration.ofMillis(100));
        }
    }

    private void happened(Fault fault) {
        faults.merge(fault, 1, Integer::sum);
    }

    List<String> violations() {
        return TrialCheck.violations(truth, posted);
    }

    String counts() {
        return posted.size() + " runs, " + events("claim") + " claims, " + events("reap") + " reaped, "
                + events("reconcile") + " reconciled, " + started + " node starts, " + faults() + " faults " + faults;
    }

    static void goOn(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }
}
