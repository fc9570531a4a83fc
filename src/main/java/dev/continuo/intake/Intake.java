package dev.continuo.intake;

import dev.continuo.intake.Acceptance.Accepted;
import dev.continuo.intake.Acceptance.Again;
import dev.continuo.nats.Hints;
import dev.continuo.node.Stopwatch;
import dev.continuo.run.RunState;
import dev.continuo.stats.Stats;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Takes a message in, and says so to whoever may run it or shows its thread. An exception means that the outcome is
 * unknown: the same message with the same key is safe to send again. */
@Singleton
public class Intake {
    private final AcceptStep step;
    private final Hints hints;
    private final Stats stats;
    private final Stopwatch stopwatch;

    @Inject
    public Intake(AcceptStep step, Hints hints, Stats stats, Stopwatch stopwatch) {
        this.step = step;
        this.hints = hints;
        this.stats = stats;
        this.stopwatch = stopwatch;
    }

    public Acceptance accept(SentMessage sent) {
        long start = stopwatch.nanoTime();
        Acceptance acceptance = step.accept(sent);
        if (acceptance instanceof Accepted accepted) {
            stats.acceptLatency().record(stopwatch.since(start));
            count(accepted);
        }
        return acceptance;
    }

    /** Whether it was accepted before, whatever has become of what it asks for since. */
    public boolean knows(SentMessage sent) {
        return step.knows(sent);
    }

    private void count(Accepted accepted) {
        if (accepted.again() == Again.FIRST) {
            stats.accepted().increment();
            tell(accepted);
        } else {
            stats.repeated().increment();
        }
    }

    private void tell(Accepted accepted) {
        if (accepted.state() == RunState.READY || accepted.effects().resumed().isPresent()) {
            hints.lookNow();
        }
        accepted.effects().interrupted().forEach(hints::cancelRequested);
        hints.threadChanged(accepted.org(), accepted.thread());
    }
}
