package dev.continuo.soak;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The test of the soak itself: a build that lacks one rule, on a cluster of its own for a minute. */
class MutantIT {
    private static final String SEED = System.getProperty("continuo.soak.seed", "1");

    @Test
    void a_build_that_never_takes_back_what_a_dead_author_said_is_found() {
        Outcome outcome = Trial.run(
                SoakOptions.parse("--minutes", "1", "--seed", SEED, "--watchers", "60", "--runs-per-second", "2.6")
                        .of(MutantWar.thatNeverTakesAnythingBack(SoakOptions.FOLDER)),
                message -> System.out.println("  " + message));
        System.out.println("· soak of a mutant, " + outcome.brief());

        assertThat(outcome.violations()).extracting(Violation::invariant).contains(Invariant.I10);
    }
}
