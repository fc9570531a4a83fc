package dev.continuo.execution;

import dev.continuo.model.Usage;
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
import java.util.OptionalInt;

/**
 * What the owner of a run does to it as a whole, each in one fenced transaction that is repeated until the database
 * answers: begin and end a step, fork, finish, give back. Keeps the counts that decide how often a call is tried.
 */
final class Owner {
    private static final System.Logger LOG = System.getLogger(Owner.class.getName());

    final Claim claim;
    final RunExecutions shared;
    final Persistence persistence;
    final Signals signals;
    final RunLog log;
    private int attempt;
    private int tries;
    private Duration trying;

    Owner(Claim claim, RunExecutions shared, Persistence persistence, Signals signals, RunLog log) {
        this.claim = claim;
        this.shared = shared;
        this.persistence = persistence;
        this.signals = signals;
        this.log = log;
        this.attempt = claim.attempt();
        this.tries = claim.tries();
        this.trying = claim.trying();
    }

    /** Of the present step, this one included. */
    int attempt() {
        return attempt;
    }

    /** How often the present step was put back to wait. */
    int tries() {
        return tries;
    }

    Duration trying() {
        return trying;
    }

    /** All that the run has said; all of the log is committed here. */
    Written written() throws InterruptedException {
        return log.buffer().lastFlushed() == 0
                ? new Written(List.of(), Duration.ZERO)
                : persistence.untilAnswered("reading the log", () -> shared.snapshots.written(claim.run()));
    }

    void beginCall(int step, String model) throws InterruptedException {
        if (!persistence.untilAnswered("beginning a call", () -> shared.attempts.begin(log.fence(), step, model))) {
            throw new Stop(Stop.Cause.LOST, "lost before a call");
        }
        signals.check();
    }

    /** The call that was begun has failed, and another model is asked for the same. */
    void fellBack(int step, String model) throws InterruptedException {
        if (!persistence.untilAnswered("falling back", () -> shared.attempts.fellBack(log.fence(), step, model))) {
            throw new Stop(Stop.Cause.LOST, "lost before a call of a second model");
        }
        signals.check();
    }

    /** Its words and calls are on disk; deaths and failed calls are counted anew from here. */
    void stepFinished(Usage ofStep, Usage soFar) throws InterruptedException {
        log.awaitCommitted();
        var step = Usages.json(ofStep).toString();
        var all = Usages.json(soFar).toString();
        if (!persistence.untilAnswered(
                "finishing a step", () -> shared.attempts.stepFinished(log.fence(), step, all))) {
            throw new Stop(Stop.Cause.LOST, "lost after a step");
        }
        attempt = 1;
        tries = 0;
        trying = Duration.ZERO;
        signals.check();
    }

    void fork(int base, Fork.Cause cause, String reason) throws InterruptedException {
        var voided = Voided.of(OptionalInt.of(log.buffer().lastSealed()), base);
        var fork = new Fork(log.fence(), shared.me.name(), base, voided, cause, reason);
        switch (persistence.untilAnswered("forking", () -> shared.forks.fork(fork))) {
            case ForkResult.Forked(var next, int counted, boolean cancel) -> {
                attempt = counted;
                shared.stats.forks().increment();
                log.forked(next, base, reason);
                if (cancel) {
                    signals.raise(Stop.Cause.CANCELLED, "cancel requested");
                }
            }
            case ForkResult.Lost() -> throw new Stop(Stop.Cause.LOST, "lost before a fork");
        }
    }

    void finish(Outcome outcome) throws InterruptedException {
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

    void giveBack(GiveBack why, Duration delay) throws InterruptedException {
        log.awaitCommitted();
        persistence.untilAnswered("giving back", () -> shared.releases.release(log.fence(), why, delay));
        LOG.log(Level.INFO, "run={0}: given back ({1}), may be claimed in {2}", claim.run(), why, delay);
        shared.hints.threadChanged(claim.org(), claim.thread());
        if (delay.isZero()) {
            shared.hints.lookNow();
        }
    }
}
