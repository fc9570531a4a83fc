package dev.continuo.execution;

import dev.continuo.model.Continuation;
import dev.continuo.run.OnTakeover;
import dev.continuo.run.Outcome;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a claim does with the run it found, without I/O: nothing but the finish where the log is complete; an end where
 * the attempts are spent or the run asked not to be taken over; else the model goes on, by a way of its own where it
 * declares one, or else by saying again what is there, unless the run asked to begin anew.
 */
final class Ladder {
    /** The next step. */
    sealed interface Rung {
        record Finish(Outcome outcome) implements Rung {}

        /** What the log says is left behind. */
        record BeginAnew() implements Rung {}

        record Ask() implements Rung {}
    }

    private Ladder() {}

    /** @param attempt this one included, 1.. */
    static Rung rung(Opened opened, int attempt, OnTakeover wish) {
        var complete = CompleteInLog.outcome(opened.lastRecords());
        if (complete.isPresent()) {
            return new Rung.Finish(complete.get());
        }
        if (attempt > FailurePolicy.ATTEMPTS) {
            return new Rung.Finish(Failures.of("attempts_exhausted"));
        }
        if (opened.base() == 0) {
            return new Rung.Ask();
        }
        return switch (wish) {
            case CONTINUE -> new Rung.Ask();
            case RESTART -> new Rung.BeginAnew();
            case FAIL -> new Rung.Finish(Failures.of("owner_lost"));
        };
    }

    /** Of what a model declares the first that has all it needs; empty: it is asked for all of the answer again. */
    static Optional<Continuation> continuation(List<Continuation> declared, Optional<Continuation.Said> soFar) {
        return soFar.flatMap(said ->
                declared.stream().filter(way -> said.has(way.needs())).min(Comparator.comparing(Continuation::needs)));
    }
}
