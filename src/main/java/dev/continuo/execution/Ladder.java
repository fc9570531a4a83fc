package dev.continuo.execution;

import dev.continuo.model.Continuation;
import dev.continuo.run.OnTakeover;
import dev.continuo.run.Outcome;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a claim does with the run it found, without I/O: nothing but the finish where the log is complete; an end where
 * the attempts are spent or the run asked not to be taken over; else it goes on, and a model that had begun to speak does so
 * by a way of its own where it declares one, or else by saying again what is there, unless the run asked to begin that
 * step anew.
 */
final class Ladder {
    /** The next step. */
    sealed interface Rung {
        /** The log has all of the answer. */
        record Complete(String finishReason) implements Rung {}

        record Fail(Outcome outcome) implements Rung {}

        /** What the step under way has said is left behind. */
        record BeginAnew() implements Rung {}

        record GoOn() implements Rung {}
    }

    private Ladder() {}

    /** @param attempt this one included, 1.. */
    static Rung rung(RunSoFar run, int attempt, OnTakeover wish) {
        if (run.finalReason().isPresent()) {
            return new Rung.Complete(run.finalReason().get());
        }
        if (attempt > FailurePolicy.ATTEMPTS) {
            return new Rung.Fail(Failures.of("attempts_exhausted"));
        }
        if (run.said().isEmpty()) {
            return new Rung.GoOn();
        }
        return switch (wish) {
            case CONTINUE -> new Rung.GoOn();
            case RESTART -> new Rung.BeginAnew();
            case FAIL -> new Rung.Fail(Failures.of("owner_lost"));
        };
    }

    /** Of what a model declares the first that has all it needs; empty: it is asked for all of the step again. */
    static Optional<Continuation> continuation(List<Continuation> declared, Optional<Continuation.Said> soFar) {
        return soFar.flatMap(said ->
                declared.stream().filter(way -> said.has(way.needs())).min(Comparator.comparing(Continuation::needs)));
    }
}
