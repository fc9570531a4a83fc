package dev.continuo.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Ten minutes of everything at once. {@code continuo.soak.minutes} and {@code continuo.soak.seed} change that. */
class SoakIT {
    private static final double MINUTES = Double.parseDouble(System.getProperty("continuo.soak.minutes", "10"));
    private static final String SEED = System.getProperty("continuo.soak.seed", "1");

    @Test
    void every_promise_is_kept_whatever_fails() {
        Outcome outcome = Trial.run(
                SoakOptions.parse(
                                "--minutes",
                                Double.toString(MINUTES),
                                "--seed",
                                SEED,
                                "--watchers",
                                "60",
                                "--runs-per-second",
                                "2.6")
                        .besideOtherWork(),
                message -> System.out.println("  " + message));
        Path report = Report.write(outcome, SoakOptions.FOLDER);
        System.out.println("· soak, " + outcome.brief() + ", see " + report);

        assertThat(outcome.violations()).isEmpty();
        assertThat(outcome.troubles()).isEmpty();
        assertThat(outcome.runs()).isGreaterThanOrEqualTo(share(1_000));
        assertThat(outcome.faults().size()).isGreaterThanOrEqualTo((int) share(60));
        assertThat(outcome.watchers()).isGreaterThanOrEqualTo((int) share(150));
        assertThat(outcome.byKind().size()).isGreaterThanOrEqualTo((int) Math.min(12, share(12)));
    }

    /** Of what ten minutes must reach. */
    private static long share(int count) {
        return Math.round(count * Math.min(1, MINUTES / 10));
    }
}
