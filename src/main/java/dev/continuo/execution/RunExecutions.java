package dev.continuo.execution;

import dev.continuo.live.LiveLog;
import dev.continuo.model.Models;
import dev.continuo.nats.Hints;
import dev.continuo.node.Lease;
import dev.continuo.node.NodeId;
import dev.continuo.node.Stopwatch;
import dev.continuo.run.Attempts;
import dev.continuo.run.BegunCalls;
import dev.continuo.run.Claim;
import dev.continuo.run.Finishes;
import dev.continuo.run.Forks;
import dev.continuo.run.Opens;
import dev.continuo.run.Pauses;
import dev.continuo.run.Reconciles;
import dev.continuo.run.Releases;
import dev.continuo.run.Snapshots;
import dev.continuo.stats.Stats;
import dev.continuo.web.Limits;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.random.RandomGenerator;

/** What every execution on this node shares. */
@Singleton
public class RunExecutions {
    final NodeId me;
    final Lease lease;
    final Stopwatch time;
    final Stats stats;
    final Limits limits;
    final Hints hints;
    final LiveLog live;
    final Models models;
    final PromptAssembly prompts;
    final FileRoom room;
    final GroupCommit commits;
    final Snapshots snapshots;
    final Opens opens;
    final Attempts attempts;
    final Forks forks;
    final Finishes finishes;
    final Releases releases;
    final Reconciles reconciles;
    final RunTools tools;
    final BegunCalls begunCalls;
    final Pauses pauses;
    final FailurePolicy policy = new FailurePolicy(new BackOff(RandomGenerator.getDefault()));

    @Inject
    public RunExecutions(
            NodeId me,
            Lease lease,
            Stopwatch time,
            Stats stats,
            Limits limits,
            Hints hints,
            LiveLog live,
            Models models,
            PromptAssembly prompts,
            FileRoom room,
            GroupCommit commits,
            Snapshots snapshots,
            Opens opens,
            Attempts attempts,
            Forks forks,
            Finishes finishes,
            Releases releases,
            Reconciles reconciles,
            RunTools tools,
            BegunCalls begunCalls,
            Pauses pauses) {
        this.me = me;
        this.lease = lease;
        this.time = time;
        this.stats = stats;
        this.limits = limits;
        this.hints = hints;
        this.live = live;
        this.models = models;
        this.prompts = prompts;
        this.room = room;
        this.commits = commits;
        this.snapshots = snapshots;
        this.opens = opens;
        this.attempts = attempts;
        this.forks = forks;
        this.finishes = finishes;
        this.releases = releases;
        this.reconciles = reconciles;
        this.tools = tools;
        this.begunCalls = begunCalls;
        this.pauses = pauses;
    }

    RunExecution of(Claim claim) {
        return new RunExecution(claim, this);
    }

    /** Whether the row still names this claim. */
    boolean stillMine(Claim claim) {
        return reconciles.rowsThatSayMe(me).stream()
                .anyMatch(mine -> mine.fence().run().equals(claim.run())
                        && mine.fence().claimId().equals(claim.claimId()));
    }
}
