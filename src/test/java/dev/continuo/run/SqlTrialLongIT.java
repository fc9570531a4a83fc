package dev.continuo.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.run.TrialNode.Mutant;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.Postgres;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Node processes on one database that die at named points, freeze, lose their sessions and their database, until
 * thousands of runs and hundreds of faults have gone by; then a checker reads what is left.
 */
class SqlTrialLongIT {
    private static final int RUNS = Integer.getInteger("continuo.trial.runs", 5_000);
    private static final int FAULTS = Integer.getInteger("continuo.trial.faults", 300);
    private static final Duration AT_MOST = Duration.ofMinutes(25);
    private static final Duration HEAL = Duration.ofMinutes(3);
    private static final double CRASHES = 0.0005;
    private static final int FAULTS_BETWEEN_RESTARTS = 60;

    @Test
    void nothing_is_lost_doubled_or_mixed_whatever_dies() throws SQLException {
        try (var postgres = Postgres.launch();
                var trial = new Trial(postgres)) {
            trial.post(8, 96, Duration.ofMillis(100));
            trial.start(4, Mutant.NOTHING, CRASHES, 0.01);
            long end = System.nanoTime() + AT_MOST.toNanos();
            long restarts = 0;
            while (System.nanoTime() < end && (trial.posted.size() < RUNS || trial.faults() < FAULTS)) {
                Trial.goOn(Duration.ofMillis(300 + trial.random.nextInt(600)));
                if (trial.faults() * RUNS <= (long) trial.posted.size() * FAULTS) {
                    trial.disturb(Mutant.NOTHING, CRASHES);
                } else {
                    trial.respawn(Mutant.NOTHING, CRASHES);
                }
                if (trial.faults() / FAULTS_BETWEEN_RESTARTS > restarts) {
                    restarts++;
                    trial.restartDatabase();
                }
            }
            trial.stopPosting();
            Await.until("every run has its terminal", HEAL, Duration.ofSeconds(1), () -> {
                trial.respawn(Mutant.NOTHING, 0);
                return trial.allFinished();
            });

            System.out.println("· SQL trial: " + trial.counts());
            assertThat(trial.violations()).isEmpty();
            assertThat(trial.posted.size()).isGreaterThanOrEqualTo(RUNS);
            assertThat(trial.faults()).isGreaterThanOrEqualTo(FAULTS);
            assertThat(trial.events("reap")).isPositive();
        }
    }
}
