package dev.continuo.intake;

import dev.continuo.intake.Acceptance.Accepted;
import dev.continuo.intake.Acceptance.Again;
import dev.continuo.nats.Hints;
import dev.continuo.run.RunState;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Takes a message in, and says so to whoever may run it or shows its thread. An exception means that the outcome is
 * unknown: the same message with the same key is safe to send again. */
@Singleton
public class Intake {
    private final AcceptStep step;
    private final Hints hints;

    @Inject
    public Intake(AcceptStep step, Hints hints) {
        this.step = step;
        this.hints = hints;
    }

    public Acceptance accept(SentMessage sent) {
        Acceptance acceptance = step.accept(sent);
        if (acceptance instanceof Accepted accepted && accepted.again() == Again.FIRST) {
            tell(accepted);
        }
        return acceptance;
    }

    private void tell(Accepted accepted) {
        if (accepted.state() == RunState.READY || accepted.effects().resumed().isPresent()) {
            hints.lookNow();
        }
        accepted.effects().interrupted().forEach(hints::cancelRequested);
        hints.threadChanged(accepted.org(), accepted.thread());
    }
}
