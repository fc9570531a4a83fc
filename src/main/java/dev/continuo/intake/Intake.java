package dev.continuo.intake;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.intake.Acceptance.Accepted;
import dev.continuo.nats.Hints;
import dev.continuo.node.Stopwatch;
import dev.continuo.run.RunState;
import dev.continuo.stats.Stats;
import dev.continuo.thread.Viewer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.Supplier;

/** Takes a message in, and says so to whoever may run it or shows its thread. An exception means that the outcome is
 * unknown: the same message with the same key is safe to send again. */
@Singleton
public class Intake {
    private final AcceptStep step;
    private final EditStep edits;
    private final Hints hints;
    private final Stats stats;
    private final Stopwatch stopwatch;

    @Inject
    public Intake(AcceptStep step, EditStep edits, Hints hints, Stats stats, Stopwatch stopwatch) {
        this.step = step;
        this.edits = edits;
        this.hints = hints;
        this.stats = stats;
        this.stopwatch = stopwatch;
    }

    public Acceptance accept(SentMessage sent) {
        return accept(() -> step.accept(sent));
    }

    public Acceptance regenerate(Regeneration wish) {
        return accept(() -> step.regenerate(wish));
    }

    private Acceptance accept(Supplier<Acceptance> transaction) {
        long start = stopwatch.nanoTime();
        Acceptance acceptance = transaction.get();
        if (acceptance instanceof Accepted accepted) {
            stats.acceptLatency().record(stopwatch.since(start));
            count(accepted);
        }
        return acceptance;
    }

    /** Changes a message that nobody has begun to answer. */
    public Edited edit(Viewer viewer, String thread, String message, JsonNode parts) {
        Edited edited = edits.edit(viewer, thread, message, parts);
        if (edited instanceof Edited.Changed changed) {
            hints.threadChanged(changed.org(), changed.message().thread());
            hints.lookNow(); // whoever came by meanwhile had to pass over the locked row
        }
        return edited;
    }

    /** Whether it was accepted before, whatever has become of what it asks for since. */
    public boolean knows(SentMessage sent) {
        return step.knows(sent);
    }

    private void count(Accepted accepted) {
        switch (accepted.again()) {
            case FIRST -> {
                stats.accepted().increment();
                tell(accepted);
            }
            case REPEATED -> stats.repeated().increment();
            case REWRITTEN -> tell(accepted);
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
