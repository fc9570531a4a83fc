package dev.continuo.execution;

import dev.continuo.catalog.Choice;
import dev.continuo.catalog.Wish;
import dev.continuo.live.LiveLog;
import dev.continuo.model.Models;
import dev.continuo.nats.Hints;
import dev.continuo.nats.NatsConnections;
import dev.continuo.node.Lease;
import dev.continuo.node.NodeId;
import dev.continuo.run.Claim;
import dev.continuo.run.Steps;
import dev.continuo.run.Truth;
import dev.continuo.stats.Stats;
import dev.continuo.tool.Toolboxes;
import dev.continuo.web.Limits;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.UUID;

/** A node without a server: everything that executes runs, on a real database and a real provider. */
final class TestNode {
    final NodeId id;
    final Lease lease = new Lease();
    final Stats stats = new Stats();
    final RunExecutor executor;
    final Hints hints;
    private final Steps steps;

    TestNode(String name, Truth truth, LiveLog live, NatsConnections nats, String providerUrl) {
        this(name, truth, Steps.on(truth), live, nats, providerUrl);
    }

    TestNode(String name, Truth truth, Steps steps, LiveLog live, NatsConnections nats, String providerUrl) {
        this(name, truth, steps, live, nats, providerUrl, Optional.empty());
    }

    TestNode(
            String name,
            Truth truth,
            Steps steps,
            LiveLog live,
            NatsConnections nats,
            String providerUrl,
            Optional<Toolboxes> tools) {
        this(
                name,
                truth,
                steps,
                live,
                nats,
                Models.at(providerUrl, Clock.systemUTC()),
                new PromptAssembly(
                        truth.messages, new Attachments(truth.files, 1 << 20), TestNode::configured, Optional.empty()),
                tools);
    }

    TestNode(
            String name,
            Truth truth,
            Steps steps,
            LiveLog live,
            NatsConnections nats,
            Models models,
            PromptAssembly prompts,
            Optional<Toolboxes> tools) {
        this(name, truth, steps, live, nats, models, prompts, new FileRoom(1 << 20), tools);
    }

    TestNode(
            String name,
            Truth truth,
            Steps steps,
            LiveLog live,
            NatsConnections nats,
            Models models,
            PromptAssembly prompts,
            FileRoom room,
            Optional<Toolboxes> tools) {
        id = Truth.node(name);
        this.steps = steps;
        hints = new Hints(nats);
        lease.renewed(lease.now(), Duration.ofHours(1));
        executor = new RunExecutor(
                16,
                new RunExecutions(
                        id,
                        lease,
                        System::nanoTime,
                        stats,
                        Limits.defaults(),
                        hints,
                        live,
                        models,
                        prompts,
                        room,
                        new GroupCommit(steps.flushes(), stats),
                        truth.snapshots,
                        steps.opens(),
                        steps.attempts(),
                        steps.forks(),
                        steps.finishes(),
                        steps.releases(),
                        truth.reconciles,
                        new RunTools(tools),
                        steps.begunCalls(),
                        steps.pauses()),
                stats,
                hints);
    }

    /** Claims one run and starts it. */
    Claim take() {
        var claim = steps.claims().claim(id, 1, UUID.randomUUID()).claims().getFirst();
        executor.start(claim);
        return claim;
    }

    /** Everything is answered by the provider of the configuration. */
    private static Choice configured(UUID org, Wish wish) {
        return new Choice(
                Optional.empty(),
                OptionalDouble.empty(),
                OptionalInt.empty(),
                new Choice.Where.Configured(wish.model()));
    }
}
