package dev.continuo.run;

import static dev.continuo.run.Trial.LEASE;
import static dev.continuo.run.Trial.goOn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.run.TrialNode.Mutant;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.Child;
import dev.continuo.testkit.Postgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A mechanism that is switched off must be missed by the trial, else the trial proves nothing; {@link SqlTrialLongIT} has
 * them all at work.
 */
class SqlTrialIT {
    private static final Postgres POSTGRES = Postgres.launch();

    private final Trial trial = new Trial(POSTGRES);

    @AfterEach
    void end() throws SQLException {
        trial.close();
    }

    @AfterAll
    static void stop() {
        POSTGRES.close();
    }

    @Test
    void without_the_fence_texts_are_mixed() {
        trial.post(4, 12, Duration.ofMillis(150));
        trial.start(3, Mutant.FENCE, 0, 0);

        Await.until("a zombie has written into the text of another", Duration.ofSeconds(60), () -> {
            Child node = trial.nodes.get(trial.random.nextInt(trial.nodes.size()));
            node.stop();
            goOn(LEASE.multipliedBy(2));
            node.cont();
            goOn(LEASE.dividedBy(3));
            return mixed();
        });
    }

    private boolean mixed() {
        return TrialCheck.violations(trial.truth, Map.of()).stream().anyMatch(v -> v.startsWith("I7"));
    }

    @Test
    void after_an_outage_healthy_nodes_keep_their_runs() {
        outages(Mutant.NOTHING, 1);

        assertThat(trial.events("reap")).isZero();
    }

    @Test
    void without_the_guards_the_first_one_back_takes_everybodys_runs() {
        outages(Mutant.GUARDS, 5);

        assertThat(trial.events("reap")).isPositive();
    }

    /** Longer than a lease each, until something was stolen. */
    private void outages(Mutant mutant, int atMost) {
        trial.post(4, 12, Duration.ofMillis(150));
        trial.start(3, mutant, 0, 0);
        for (int i = 0; i < atMost && trial.events("reap") == 0; i++) {
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
        for (int i = 0; i < 8; i++) {
            trial.truth.post("t" + i);
        }
        trial.start(mutant, 0, 0.4);
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!trial.allFinished() && System.nanoTime() < end && !onlyForgottenAreLeft()) {
            goOn(Duration.ofMillis(100));
        }
        return trial.truth.one("select count(*) from runs where finished_at is null", int.class);
    }

    /** Nothing has moved for longer than any run here takes, and a reconciler would have come round several times. */
    private boolean onlyForgottenAreLeft() {
        return trial.truth.one("""
                select count(*) = 0 from runs where state = 'READY'
                  or state = 'RUNNING' and first_claimed_at > clock_timestamp() - interval '9 s'""", boolean.class);
    }
}
