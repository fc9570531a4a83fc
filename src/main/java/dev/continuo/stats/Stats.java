package dev.continuo.stats;

import jakarta.inject.Singleton;
import java.util.concurrent.atomic.LongAdder;

/** The figures of one node since its start. Counters only rise; the gauges {@code watchers} and {@code tails} go up at
 * an opening and down at the matching end. */
@Singleton
public final class Stats {
    private final LongAdder accepted = new LongAdder();
    private final LongAdder repeated = new LongAdder();
    private final LongAdder claims = new LongAdder();
    private final LongAdder takeovers = new LongAdder();
    private final LongAdder reaped = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder forks = new LongAdder();
    private final LongAdder finished = new LongAdder();
    private final LongAdder providerCalls = new LongAdder();
    private final LongAdder publishes = new LongAdder();
    private final LongAdder publishRefusals = new LongAdder();
    private final LongAdder publishFailures = new LongAdder();
    private final LongAdder resyncs = new LongAdder();
    private final LongAdder rewinds = new LongAdder();
    private final LongAdder slowWatchersCut = new LongAdder();
    private final LongAdder promotedByJanitor = new LongAdder();
    private final LongAdder lateBeats = new LongAdder();
    private final LongAdder lateNodes = new LongAdder();
    private final LongAdder watchers = new LongAdder();
    private final LongAdder tails = new LongAdder();
    private final Timing claimLatency = new Timing();
    private final Timing publishLatency = new Timing();
    private final Timing flushLatency = new Timing();
    private final Timing acceptLatency = new Timing();

    /** Messages that became a new run. */
    public LongAdder accepted() {
        return accepted;
    }

    /** Messages that were there already. */
    public LongAdder repeated() {
        return repeated;
    }

    public LongAdder claims() {
        return claims;
    }

    /** Claims of a run that had an owner before. */
    public LongAdder takeovers() {
        return takeovers;
    }

    /** Runs that this node made READY because their owner was gone. */
    public LongAdder reaped() {
        return reaped;
    }

    /** Runs that this node stopped because another one has them. */
    public LongAdder lost() {
        return lost;
    }

    public LongAdder forks() {
        return forks;
    }

    public LongAdder finished() {
        return finished;
    }

    public LongAdder providerCalls() {
        return providerCalls;
    }

    public LongAdder publishes() {
        return publishes;
    }

    /** Publishes that JetStream refused by its expected sequence. */
    public LongAdder publishRefusals() {
        return publishRefusals;
    }

    /** Publishes that found no JetStream. */
    public LongAdder publishFailures() {
        return publishFailures;
    }

    /** Times a tail had to ask PostgreSQL because the live log left a hole. */
    public LongAdder resyncs() {
        return resyncs;
    }

    public LongAdder rewinds() {
        return rewinds;
    }

    public LongAdder slowWatchersCut() {
        return slowWatchersCut;
    }

    /** Threads that waited without a seat: each is a bug. */
    public LongAdder promotedByJanitor() {
        return promotedByJanitor;
    }

    /** Times another node's beat was found late. */
    public LongAdder lateBeats() {
        return lateBeats;
    }

    /** Gauge: nodes whose beat is late now, as this node sees it. */
    public LongAdder lateNodes() {
        return lateNodes;
    }

    /** Gauge: open streams of this node. */
    public LongAdder watchers() {
        return watchers;
    }

    /** Gauge: runs that this node reads for its watchers. */
    public LongAdder tails() {
        return tails;
    }

    /** From the moment a run could be claimed to its claim. */
    public Timing claimLatency() {
        return claimLatency;
    }

    public Timing publishLatency() {
        return publishLatency;
    }

    public Timing flushLatency() {
        return flushLatency;
    }

    /** From the message to its commit. */
    public Timing acceptLatency() {
        return acceptLatency;
    }
}
