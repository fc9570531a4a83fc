package dev.continuo.metrics;

import dev.continuo.dispatch.Heartbeat;
import dev.continuo.nats.NatsConnections;
import dev.continuo.node.Lease;
import dev.continuo.node.NodeState;
import dev.continuo.run.RunState;
import dev.continuo.stats.Stats;
import dev.continuo.stats.Timing;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/** Registers every figure once, at the start. */
@Singleton
class NodeMetrics {
    private final MetricRegistry registry;
    private final Stats stats;
    private final RunCounts runs;
    private final NatsConnections nats;
    private final Lease lease;
    private final NodeState state;
    private final Heartbeat heartbeat;

    @Inject
    NodeMetrics(
            MetricRegistry registry,
            Stats stats,
            RunCounts runs,
            NatsConnections nats,
            Lease lease,
            NodeState state,
            Heartbeat heartbeat) {
        this.registry = registry;
        this.stats = stats;
        this.runs = runs;
        this.nats = nats;
        this.lease = lease;
        this.state = state;
        this.heartbeat = heartbeat;
    }

    void register(@Observes @Initialized(ApplicationScoped.class) Object application) {
        for (var s : RunState.values()) {
            if (!s.isTerminal()) {
                gauge(
                        "continuo_runs",
                        "Unfinished runs of the cluster by state",
                        () -> runs.in(s),
                        new Tag("state", s.name().toLowerCase(java.util.Locale.ROOT)));
            }
        }
        counters();
        timing("continuo_claim_latency", "From the moment a run could be claimed to its claim", stats.claimLatency());
        timing("continuo_publish_latency", "One publish to JetStream", stats.publishLatency());
        timing("continuo_flush_latency", "One group commit", stats.flushLatency());
        timing("continuo_accept_latency", "From a message to its commit", stats.acceptLatency());
        gauge("continuo_watchers", "Open streams of this node", stats.watchers()::sum);
        gauge("continuo_tails", "Runs that this node reads for its watchers", stats.tails()::sum);
        gauge("continuo_nats_connected", "1 where NATS is connected", () -> nats.connected() ? 1 : 0);
        gauge(
                "continuo_nats_stream",
                "1 where the stream was found there",
                () -> nats.state().streamFound() ? 1 : 0);
        gauge("continuo_nats_failures_total", "What went wrong with NATS, since the start", () -> nats.state()
                .failures());
        gauge(
                "continuo_nats_connects_total",
                "Connects and reconnects of two connections, since the start",
                () -> nats.state().reconnects());
        gauge("continuo_hints_dropped_total", "Hints that were not sent, since the start", () -> nats.state()
                .hintsDropped());
        gauge("continuo_late_nodes", "Other nodes whose beat is late now", stats.lateNodes()::sum);
        gauge(
                "continuo_lock_held",
                "1 where this node's session lock was held at its last beat",
                () -> heartbeat.lockHeld() ? 1 : 0);
        gauge("continuo_draining", "1 where this node is leaving", () -> state.draining() ? 1 : 0);
        gauge(
                "continuo_lease_age_seconds",
                "Since the last renewal was sent",
                () -> lease.age().toMillis() / 1000.0);
    }

    private void counters() {
        counter("continuo_messages_accepted", "Messages that became a run", stats.accepted());
        counter("continuo_messages_repeated", "Messages that were there already", stats.repeated());
        counter("continuo_claims", "Runs claimed", stats.claims());
        counter("continuo_takeovers", "Claims of a run that had an owner before", stats.takeovers());
        counter("continuo_reaped", "Runs freed because their owner was gone", stats.reaped());
        counter("continuo_late_beats", "Times another node's beat was late", stats.lateBeats());
        counter("continuo_lost", "Runs stopped because another node has them", stats.lost());
        counter("continuo_forks", "New epochs of a running run", stats.forks());
        counter("continuo_finished", "Runs finished", stats.finished());
        counter("continuo_provider_calls", "Calls of a provider", stats.providerCalls());
        counter("continuo_publishes", "Publishes to JetStream", stats.publishes());
        counter("continuo_publish_refusals", "Publishes refused by their expected sequence", stats.publishRefusals());
        counter("continuo_publish_failures", "Publishes that found no JetStream", stats.publishFailures());
        counter("continuo_resyncs", "Holes of the live log filled from PostgreSQL", stats.resyncs());
        counter("continuo_rewinds", "Rewinds told to watchers", stats.rewinds());
        counter(
                "continuo_slow_watchers_cut",
                "Streams ended because their reader was too slow",
                stats.slowWatchersCut());
        counter(
                "continuo_promoted_by_janitor",
                "Threads that waited without a seat; each is a bug",
                stats.promotedByJanitor());
    }

    private void counter(String name, String what, LongAdder from) {
        gauge(name + "_total", what + ", since the start", from::sum);
    }

    private void gauge(String name, String what, Supplier<Number> from, Tag... tags) {
        registry.gauge(meta(name, what), from, tags);
    }

    private void timing(String name, String what, Timing from) {
        var timer = registry.timer(meta(name, what));
        from.listener(timer::update);
    }

    private static Metadata meta(String name, String what) {
        return Metadata.builder().withName(name).withDescription(what).build();
    }
}
