package dev.continuo.execution;

import dev.continuo.log.Chunk;
import dev.continuo.log.Regeneration;
import dev.continuo.model.ModelException;
import dev.continuo.model.ModelResult;
import dev.continuo.model.Prompt;
import dev.continuo.model.ToolSpec;
import dev.continuo.model.Usage;
import dev.continuo.run.Claim;
import dev.continuo.run.Fork;
import dev.continuo.run.GiveBack;
import dev.continuo.run.Outcome;
import dev.continuo.run.Written;
import dev.continuo.tool.Toolboxes;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A run from where its log ends to where it leaves this node: the model is asked, its calls are answered, it is asked
 * again, until it calls nothing. Each turn of the loop begins with what is on disk, so it does not matter who took the one
 * before.
 */
final class StepLoop {
    private static final System.Logger LOG = System.getLogger(StepLoop.class.getName());

    /** A run that waits here has a slot, which others could use. */
    private static final Duration FOR_ROOM = Duration.ofSeconds(2);

    private final Owner owner;
    private final Claim claim;
    private final RunExecutions shared;
    private final Signals signals;

    StepLoop(Owner owner) {
        this.owner = owner;
        this.claim = owner.claim;
        this.shared = owner.shared;
        this.signals = owner.signals;
    }

    /** What is done once it is certain that the run goes on here. */
    interface First {
        void step() throws InterruptedException;
    }

    /** Step by step, until the model has no more to call, or the run leaves this node. */
    void goOn() throws InterruptedException {
        goOn(() -> {});
    }

    void goOn(First first) throws InterruptedException {
        var draft = owner.persistence.untilAnswered("reading the thread", () -> shared.prompts.draft(claim));
        var room = shared.room.take(draft.files().bytes(), FOR_ROOM);
        if (room.isEmpty()) {
            signals.check();
            follow(shared.policy.withoutRoom(owner.trying()), GiveBack.NO_ROOM);
            return;
        }
        try (var _ = room.get()) {
            first.step();
            goOn(owner.persistence.untilAnswered("reading the files", () -> shared.prompts.of(draft)));
        }
    }

    private void goOn(Prompt prompt) throws InterruptedException {
        var agent = claim.options().agent();
        int limit =
                owner.persistence.untilAnswered("reading the agent", () -> shared.tools.stepLimit(claim.org(), agent));
        var closed = owner.persistence.untilAnswered("reading the tools", () -> shared.tools.of(claim.org(), agent));
        try (var tools = closed.open()) {
            var offered = prompt.offering(tools.tools().stream()
                    .map(t -> new ToolSpec(t.name(), Objects.requireNonNullElse(t.description(), ""), t.inputSchema()))
                    .toList());
            var round = new ToolRound(owner, tools);
            boolean goesOn = true;
            while (goesOn) {
                goesOn = nextStep(offered, round, limit);
            }
        } catch (Toolboxes.Unavailable e) {
            signals.check();
            LOG.log(Level.WARNING, "run=" + claim.run() + ": a server of its tools does not answer", e);
            follow(shared.policy.withoutTools(owner.tries(), owner.trying()));
        }
    }

    /** Whether there is another one. */
    private boolean nextStep(Prompt offered, ToolRound round, int limit) throws InterruptedException {
        var written = owner.written();
        var run = RunSoFar.of(written.records());
        if (run.finishedSteps() >= limit) {
            round.refuse(run, "The limit of " + limit + " steps is reached; this was not called.");
            owner.finish(Failures.of("step_limit"));
            return false;
        }
        if (run.unanswered().isEmpty()) {
            return ask(offered.followedBy(run.told()), written);
        }
        return switch (round.answer(run)) {
            case ANSWERED -> {
                owner.stepFinished(run.lastUsage(), run.usage());
                yield true;
            }
            case PAUSED -> false;
            case UNKNOWN -> {
                owner.finish(Failures.of("tool_outcome_unknown"));
                yield false;
            }
        };
    }

    /** One step of the model; whether it called tools, and another one follows. */
    private boolean ask(Prompt prompt, Written before) throws InterruptedException {
        boolean mayGoOn = true;
        for (var written = before; ; written = owner.written()) {
            var run = RunSoFar.of(written.records());
            var model = shared.models.choose(prompt);
            var asking = mayGoOn ? Asking.forTheRest(model, run.said()) : Asking.forAll(model);
            owner.beginCall(run.finishedSteps() + 1, shared.models.nameOf(prompt));
            try {
                return generate(asking, prompt, run, written.took());
            } catch (ModelException e) {
                signals.check();
                LOG.log(Level.WARNING, "run=" + claim.run() + " attempt=" + owner.attempt() + ": the call failed", e);
                mayGoOn = false;
                if (!callAgain(e, asking)) {
                    return false;
                }
            } catch (ChunkWriter.TooMuch e) {
                owner.finish(Failures.of("too_long"));
                return false;
            }
        }
    }

    private boolean generate(Asking asking, Prompt prompt, RunSoFar run, Duration took)
            throws ModelException, InterruptedException {
        var retelling = new Retelling(new Regeneration(run.said()), new Target(), shared.time, took);
        var writer = new ChunkWriter(claim.answerId(), run, shared.limits, retelling);
        var call = signals.newCall();
        var sink = new EventSink(writer, call, model -> {
            owner.fellBack(run.finishedSteps() + 1, model);
            shared.stats.providerCalls().increment();
        });
        shared.stats.providerCalls().increment();
        ModelResult result;
        try {
            result = asking.generate(prompt, sink, call);
        } catch (ModelException e) {
            sink.check();
            throw e;
        }
        sink.check();
        writer.finish(result);
        var all = run.usage().plus(result.usage());
        if (writer.hasCalled() || run.finishedSteps() > 0) {
            owner.stepFinished(result.usage(), all);
        }
        if (!writer.hasCalled()) {
            owner.finish(completed(result.reason().chunkName(), all));
        }
        return writer.hasCalled();
    }

    /** The log has all of the answer. */
    void complete(RunSoFar run, String reason) throws InterruptedException {
        if (run.finishedSteps() > 1) {
            owner.stepFinished(run.lastUsage(), run.usage());
        }
        owner.finish(completed(reason, run.usage()));
    }

    private static Outcome completed(String reason, Usage usage) {
        return Outcome.completed(reason, Optional.of(Usages.json(usage).toString()));
    }

    /** Whether to call again; otherwise the run has left this node. */
    private boolean callAgain(ModelException failure, Asking asking) throws InterruptedException {
        return follow(shared.policy.decide(failure, asking.way(), owner.attempt(), owner.tries(), owner.trying()));
    }

    private boolean follow(FailurePolicy.Decision decision) throws InterruptedException {
        return follow(decision, GiveBack.BACK_OFF);
    }

    private boolean follow(FailurePolicy.Decision decision, GiveBack why) throws InterruptedException {
        return switch (decision) {
            case FailurePolicy.Decision.CallAgain() -> {
                owner.log.awaitCommitted();
                owner.fork(owner.log.buffer().lastFlushed(), Fork.Cause.FAILED_CALL, "retry");
                signals.check();
                yield true;
            }
            case FailurePolicy.Decision.Wait(Duration delay) -> {
                owner.giveBack(why, delay);
                yield false;
            }
            case FailurePolicy.Decision.Fail(String code) -> {
                owner.finish(Failures.of(code));
                yield false;
            }
        };
    }

    /** The log under whichever epoch it is by now. */
    private final class Target implements Retelling.Log {
        @Override
        public void awaitTurn() throws InterruptedException {
            owner.log.awaitTurn();
        }

        @Override
        public void append(Chunk chunk) throws InterruptedException {
            owner.log.append(chunk);
        }

        @Override
        public void fork(int base, String reason) throws InterruptedException {
            owner.fork(base, Fork.Cause.OTHER_TEXT, reason);
        }
    }
}
