package dev.continuo.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random schedules against the real reader, buffer, positions, fold and thread reader. A failing seed is printed; run
 * it again alone with {@code -Dcontinuo.model.seed=N -Dcontinuo.model.schedules=1}.
 */
class WatcherModelTest {
    static final long SEED = Long.getLong("continuo.model.seed", 1);
    private static final int SCHEDULES = Integer.getInteger("continuo.model.schedules", 3_000);
    private static final int MOST_TO_TURN_RED = 20_000;

    static Stream<Mechanisms> mutants() {
        return Mechanisms.mutants().stream();
    }

    @Test
    void no_schedule_breaks_a_promise() {
        var tally = new WatcherModel.Tally();
        assertThat(violations(SEED, SCHEDULES, tally))
                .as("seed of a failing schedule → what broke")
                .isEmpty();
    }

    @Test
    void the_schedules_are_worth_something() {
        var tally = new WatcherModel.Tally();
        violations(SEED, 300, tally);
        assertThat(List.of(tally.claims, tally.forks, tally.adopted, tally.rewinds, tally.losses))
                .as(tally.toString())
                .allMatch(n -> n > 100);
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void a_build_without_one_mechanism_goes_red(Mechanisms mutant) {
        assertThat(LongStream.range(SEED, SEED + MOST_TO_TURN_RED)
                        .parallel()
                        .boxed()
                        .flatMap(seed -> violation(seed, mutant, new WatcherModel.Tally()).stream())
                        .findAny())
                .as(mutant.name())
                .isPresent();
    }

    @Test
    void the_same_seed_is_the_same_schedule() {
        assertThat(WatcherModel.run(SEED, Mechanisms.ALL).toString())
                .isEqualTo(WatcherModel.run(SEED, Mechanisms.ALL).toString());
    }

    static SortedMap<Long, String> violations(long firstSeed, int schedules, WatcherModel.Tally tally) {
        var found = new TreeMap<Long, String>();
        LongStream.range(firstSeed, firstSeed + schedules)
                .parallel()
                .forEach(seed -> violation(seed, Mechanisms.ALL, tally).ifPresent(v -> {
                    synchronized (found) {
                        found.put(seed, v);
                    }
                }));
        return found;
    }

    private static Optional<String> violation(long seed, Mechanisms mechanisms, WatcherModel.Tally tally) {
        try {
            tally.add(WatcherModel.run(seed, mechanisms));
            return Optional.empty();
        } catch (Violation v) {
            return Optional.of(v.getMessage());
        }
    }
}
