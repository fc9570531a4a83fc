package dev.continuo.execution;

import dev.continuo.log.Chunk;
import dev.continuo.log.LiveMessage;
import dev.continuo.log.LiveMessage.Marker;
import dev.continuo.log.Regeneration;
import dev.continuo.model.ModelException;
import dev.continuo.model.ModelResult;
import dev.continuo.model.Prompt;
import dev.continuo.run.Claim;
import dev.continuo.run.FinishResult;
import dev.continuo.run.Fork;
import dev.continuo.run.ForkResult;
import dev.continuo.run.GiveBack;
import dev.continuo.run.Outcome;
import dev.continuo.run.Voided;
import dev.continuo.run.Written;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The story of one claim: open the epoch; finish from the log if it is complete; otherwise ask the model, and write on
 * where a predecessor, or an earlier call, had stopped; finish, give back, or stop because another owner has the run.
 */
final class RunExecution {
    private static final System.Logger LOG = System.getLogger(RunExecution.class.getName());

    private final Claim claim;
    private final RunExecutions shared;
    private final Signals signals = new Signals();
    private final Persistence persistence;
    private final CountDownLatch end = new CountDownLatch(1);
    private RunLog log;
    private int attempt;
    private boolean mayGoOn = true;

    RunExecution(Claim claim, RunExecutions shared) {
        this.claim = claim;
        this.shared = shared;
        this.attempt = claim.attempt();
        this.persistence = new Persistence(shared.lease, signals, claim.run());
    }

    UUID runId() {
        return claim.run();
    }

    UUID claimId() {
        return claim.claimId();
    }

    void cancelRequested() {
        signals.raise(Stop.Cause.CANCELLED, "cancel requested");
    }

    void lost(String why) {
        signals.raise(Stop.Cause.LOST, why);
    }

    void handOver() {
        signals.raise(Stop.Cause.HAND_OVER, "this node leaves");
    }

    boolean awaitEnd(Duration atMost) throws InterruptedException {
        return end.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    void ended() {
        end.countDown();
    }

    void run() {
        LOG.log(Level.INFO, "run={0} epoch={1} attempt={2}: starts", claim.run(), claim.epoch(), claim.attempt());
        try {
            var opened =
                    new Opener(shared.snapshots, shared.live, shared.opens, persistence).open(claim, shared.me.name());
            startLog(opened);
            work(opened);
        } catch (Stop lost) {
            shared.stats.lost().increment();
            LOG.log(Level.INFO, "run={0}: {1}; another node continues it", claim.run(), lost.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (log != null) {
                log.close();
            }
        }
    }

    private void startLog(Opened opened) {
        log = new RunLog(claim, opened.base(), shared.commits, shared.lease, signals);
        var reason = claim.opened() ? "takeover" : "claim";
        log.buffer().announce(new Marker(claim.epoch(), LiveMessage.claim8(claim.claimId()), opened.base(), reason));
        shared.commits.join(log);
        var publisher = new Publisher(
                shared.live,
                () -> shared.stillMine(claim),
                shared.stats,
                signals,
                claim.thread(),
                log,
                opened.markerExpects(),
                shown -> shared.opens.shown(claim.fence(), new Voided.UpTo(shown)));
        Thread.ofVirtual().name("publish-" + claim.run()).start(publisher::run);
        shared.hints.threadChanged(claim.org(), claim.thread());
    }

    private void work(Opened opened) throws InterruptedException {
        try {
            if (opened.cancelRequested()) {
                cancelRequested();
            }
            signals.check();
            switch (Ladder.rung(opened, attempt, claim.options().onTakeover())) {
                case Ladder.Rung.Finish(Outcome outcome) -> finish(outcome);
                case Ladder.Rung.BeginAnew() -> {
                    fork(0, Fork.Cause.OTHER_TEXT, "restart");
                    signals.check();
                    askUntilAnswered();
                }
                case Ladder.Rung.Ask() -> askUntilAnswered();
            }
        } catch (Stop stop) {
            leave(stop);
        }
    }

    private void leave(Stop stop) throws InterruptedException {
        switch (stop.why()) {
            case LOST -> throw stop;
            case CANCELLED -> finish(Outcome.cancelled(Optional.empty()));
            case REFUSED -> {
                fork(log.buffer().lastFlushed(), Fork.Cause.OTHER_TEXT, "refused");
                finish(Failures.of("record_refused"));
            }
            case HAND_OVER -> giveBack(GiveBack.HAND_OVER, Duration.ZERO);
        }
    }

    private void askUntilAnswered() throws InterruptedException {
        Prompt prompt = persistence.untilAnswered("reading the thread", () -> shared.prompts.of(claim));
        while (true) {
            var written = written();
            var asking = asking(prompt, written);
            begin();
            try {
                finish(generate(asking, prompt, written));
                return;
            } catch (ModelException e) {
                signals.check();
                LOG.log(Level.WARNING, "run=" + claim.run() + " attempt=" + attempt + ": the call failed", e);
                mayGoOn = false;
                if (!callAgain(e, asking)) {
                    return;
                }
            } catch (ChunkWriter.TooMuch e) {
                finish(Failures.of("too_long"));
                return;
            }
        }
    }

    /** What the call is to say again; all of the log is committed here. */
    private Written written() throws InterruptedException {
        return log.buffer().lastFlushed() == 0
                ? new Written(List.of(), Duration.ZERO)
                : persistence.untilAnswered("reading the log", () -> shared.snapshots.written(claim.run()));
    }

    private Asking asking(Prompt prompt, Written written) {
        var model = shared.models.choose(prompt);
        return mayGoOn ? Asking.forTheRest(model, written.records()) : Asking.forAll(model);
    }

    private void begin() throws InterruptedException {
        if (!persistence.untilAnswered("beginning a call", () -> shared.attempts.begin(log.fence()))) {
            throw new Stop(Stop.Cause.LOST, "lost before a call");
        }
        signals.check();
    }

    private Outcome generate(Asking asking, Prompt prompt, Written written)
            throws ModelException, InterruptedException {
        var retelling = new Retelling(new Regeneration(written.records()), new Target(), shared.time, written.took());
        var writer = new ChunkWriter(claim.answerId(), shared.limits.outputBytes(), retelling);
        var call = signals.newCall();
        var sink = new EventSink(writer, call);
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
        return Outcome.completed(
                result.reason().chunkName(),
                Optional.of(Usages.json(result.usage()).toString()));
    }

    /** Whether to call again; otherwise the run has left this node. */
    private boolean callAgain(ModelException failure, Asking asking) throws InterruptedException {
        return switch (shared.policy.decide(failure, asking.way(), attempt, claim.tries(), claim.trying())) {
            case FailurePolicy.Decision.CallAgain() -> {
                log.awaitCommitted();
                fork(log.buffer().lastFlushed(), Fork.Cause.FAILED_CALL, "retry");
                signals.check();
                yield true;
            }
            case FailurePolicy.Decision.Wait(Duration delay) -> {
                giveBack(GiveBack.BACK_OFF, delay);
                yield false;
            }
            case FailurePolicy.Decision.Fail(String code) -> {
                finish(Failures.of(code));
                yield false;
            }
        };
    }

    private void fork(int base, Fork.Cause cause, String reason) throws InterruptedException {
        var voided = Voided.of(OptionalInt.of(log.buffer().lastSealed()), base);
        var fork = new Fork(log.fence(), shared.me.name(), base, voided, cause, reason);
        switch (persistence.untilAnswered("forking", () -> shared.forks.fork(fork))) {
            case ForkResult.Forked(var next, int counted, boolean cancel) -> {
                attempt = counted;
                shared.stats.forks().increment();
                log.forked(next, base, reason);
                if (cancel) {
                    cancelRequested();
                }
            }
            case ForkResult.Lost() -> throw new Stop(Stop.Cause.LOST, "lost before a fork");
        }
    }

    /** The log under whichever epoch it is by now. */
    private final class Target implements Retelling.Log {
        @Override
        public void awaitTurn() throws InterruptedException {
            log.awaitTurn();
        }

        @Override
        public void append(Chunk chunk) throws InterruptedException {
            log.append(chunk);
        }

        @Override
        public void fork(int base, String reason) throws InterruptedException {
            RunExecution.this.fork(base, Fork.Cause.OTHER_TEXT, reason);
        }
    }

    private void finish(Outcome outcome) throws InterruptedException {
        log.awaitCommitted();
        switch (persistence.untilAnswered("finishing", () -> shared.finishes.finish(log.fence(), outcome))) {
            case FinishResult.Finished(var terminal, var thread, var org, var promoted) -> {
                shared.stats.finished().increment();
                LOG.log(Level.INFO, "run={0}: {1} after {2} records", claim.run(), terminal.state(), terminal.n());
                shared.hints.threadChanged(org, thread);
                promoted.ifPresent(_ -> shared.hints.lookNow());
            }
            case FinishResult.Lost() -> throw new Stop(Stop.Cause.LOST, "lost before its finish");
        }
    }

    private void giveBack(GiveBack why, Duration delay) throws InterruptedException {
        log.awaitCommitted();
        persistence.untilAnswered("giving back", () -> shared.releases.release(log.fence(), why, delay));
        LOG.log(Level.INFO, "run={0}: given back ({1}), may be claimed in {2}", claim.run(), why, delay);
        shared.hints.threadChanged(claim.org(), claim.thread());
        if (delay.isZero()) {
            shared.hints.lookNow();
        }
    }
}
