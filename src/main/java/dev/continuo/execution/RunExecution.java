package dev.continuo.execution;

import dev.continuo.log.LiveMessage;
import dev.continuo.log.LiveMessage.Marker;
import dev.continuo.run.Claim;
import dev.continuo.run.Fork;
import dev.continuo.run.GiveBack;
import dev.continuo.run.Outcome;
import dev.continuo.run.Voided;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The story of one claim: open the epoch; finish from the log if it is complete; otherwise go on step by step from where
 * the log ends: ask the model, and write on where a predecessor, or an earlier call, had stopped; answer its calls; ask
 * again. Then finish, pause for people, give back, or stop because another owner has the run.
 */
final class RunExecution {
    private static final System.Logger LOG = System.getLogger(RunExecution.class.getName());

    private final Claim claim;
    private final RunExecutions shared;
    private final Signals signals = new Signals();
    private final Persistence persistence;
    private final CountDownLatch end = new CountDownLatch(1);
    private RunLog log;

    RunExecution(Claim claim, RunExecutions shared) {
        this.claim = claim;
        this.shared = shared;
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
        if (claim.opened()) {
            shared.stats.takeovers().increment();
        }
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
        var owner = new Owner(claim, shared, persistence, signals, log);
        try {
            if (opened.cancelRequested()) {
                cancelRequested();
            }
            signals.check();
            var run = RunSoFar.of(owner.written().records());
            var loop = new StepLoop(owner);
            switch (Ladder.rung(run, owner.attempt(), claim.options().onTakeover())) {
                case Ladder.Rung.Complete(String reason) -> loop.complete(run, reason);
                case Ladder.Rung.Fail(Outcome outcome) -> owner.finish(outcome);
                case Ladder.Rung.BeginAnew() ->
                    loop.goOn(() -> {
                        owner.fork(run.end(), Fork.Cause.OTHER_TEXT, "restart");
                        signals.check();
                    });
                case Ladder.Rung.GoOn() -> loop.goOn();
            }
        } catch (Stop stop) {
            leave(owner, stop);
        }
    }

    private void leave(Owner owner, Stop stop) throws InterruptedException {
        switch (stop.why()) {
            case LOST -> throw stop;
            case CANCELLED -> owner.finish(Outcome.cancelled(Optional.empty()));
            case REFUSED -> {
                owner.fork(log.buffer().lastFlushed(), Fork.Cause.OTHER_TEXT, "refused");
                owner.finish(Failures.of("record_refused"));
            }
            case HAND_OVER -> owner.giveBack(GiveBack.HAND_OVER, Duration.ZERO);
        }
    }
}
