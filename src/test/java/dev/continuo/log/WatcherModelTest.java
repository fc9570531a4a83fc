package dev.continuo.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random schedules against the real reader, buffer, track, positions and fold. A failing seed is printed; run it again
 * with {@code -Dcontinuo.model.seed=N -Dcontinuo.model.schedules=1}.
 */
class WatcherModelTest {
    private static final long SEED = Long.getLong("continuo.model.seed", 1);
    private static final int SCHEDULES = Integer.getInteger("continuo.model.schedules", 3_000);

    private record Outcome(long seed, Optional<String> violation, WatcherModel.Tally tally) {}

    static Stream<Mechanisms> mutants() {
        return Mechanisms.mutants().stream();
    }

    @Test
    void no_schedule_breaks_a_promise() {
        var violations = new TreeMap<Long, String>();
        var tally = new WatcherModel.Tally();
        schedules(SCHEDULES).map(seed -> outcome(seed, Mechanisms.ALL)).toList().forEach(o -> {
            o.violation().ifPresent(v -> violations.put(o.seed(), v));
            tally.add(o.tally());
        });
        System.getLogger("model").log(System.Logger.Level.INFO, "{0} schedules: {1}", SCHEDULES, tally);
        assertThat(violations.entrySet().stream().limit(20))
                .as("seed of a failing schedule → what broke")
                .isEmpty();
        assertThat(Map.of(
                        "forks", tally.forks > SCHEDULES / 10,
                        "adoptions", tally.adopted > SCHEDULES / 10,
                        "store losses", tally.losses > SCHEDULES / 10,
                        "foreign terminals", tally.foreignEnds > SCHEDULES / 100,
                        "rewinds", tally.rewinds > SCHEDULES / 10))
                .as("the schedules are worth something: " + tally)
                .doesNotContainValue(false);
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void a_build_without_one_mechanism_goes_red(Mechanisms mutant) {
        var red = schedules(20_000)
                .map(seed -> outcome(seed, mutant))
                .filter(o -> o.violation().isPresent())
                .findFirst();
        assertThat(red).as(mutant.name()).isPresent();
    }

    private static Stream<Long> schedules(int count) {
        return LongStream.range(SEED, SEED + count).parallel().boxed();
    }

    private static Outcome outcome(long seed, Mechanisms mechanisms) {
        try {
            return new Outcome(seed, Optional.empty(), WatcherModel.run(seed, mechanisms));
        } catch (Violation v) {
            return new Outcome(seed, Optional.of(v.getMessage()), new WatcherModel.Tally());
        } catch (RuntimeException e) {
            return new Outcome(seed, Optional.of(e + " at " + e.getStackTrace()[0]), new WatcherModel.Tally());
        }
    }
}
