package dev.continuo.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.dispatch.Dispatcher;
import dev.continuo.intake.Acceptance.Accepted;
import dev.continuo.intake.OnBusy;
import dev.continuo.intake.SentMessage;
import dev.continuo.nats.NatsConnections;
import dev.continuo.node.NodeId;
import dev.continuo.node.NodeState;
import dev.continuo.run.Claimed;
import dev.continuo.run.Claims;
import dev.continuo.run.RunOptions;
import dev.continuo.run.RunState;
import dev.continuo.run.Steps;
import dev.continuo.run.Truth;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.MemoryLiveLog;
import dev.continuo.testkit.ScriptedProvider;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * No timer ticks here, and no other node is heard: what is claimed was looked for because something had been said on this one.
 */
class DispatcherIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    private static ScriptedProvider provider;
    private static NatsConnections nats;

    private final Truth truth = Truth.fresh();
    private final AtomicInteger looks = new AtomicInteger();
    private final TestNode node = new TestNode("n", truth, new MemoryLiveLog(), nats, provider.baseUrl());
    private final Dispatcher dispatcher =
            new Dispatcher(node.id, new NodeState(), node.lease, counted(), node.executor, node.hints, node.stats);

    @BeforeAll
    static void servers() {
        provider = ScriptedProvider.launch();
        nats = NatsConnections.to("nats://127.0.0.1:1");
    }

    @AfterAll
    static void end() {
        nats.close();
        provider.close();
    }

    @Test
    void one_message_costs_one_look() {
        for (int i = 1; i <= 5; i++) {
            var sent = post("t" + i, "many:2");
            dispatcher.look();
            awaitCompleted(sent);
            Await.until("its slot is free", SOON, () -> node.executor.activeRuns() == 0);
            assertThat(looks).hasValue(i);
        }
    }

    /** Each of an organisation of its own: slots are all that they wait for. */
    @Test
    void a_slot_that_comes_free_is_for_what_a_full_node_had_left() {
        List<Accepted> sent = IntStream.rangeClosed(1, node.executor.freeSlots() + 4)
                .mapToObj(i -> post(UUID.randomUUID(), "t" + i, "slow:5x20"))
                .toList();
        dispatcher.look();
        sent.forEach(this::awaitCompleted);
    }

    @Test
    void a_run_that_ends_makes_room_under_the_limit_of_its_organisation() {
        truth.execute("update settings set org_running = 1");
        var first = post("first", "slow:20x20");
        dispatcher.look();
        Await.until("the first one runs", SOON, () -> node.executor.activeRuns() == 1);
        var second = post("second", "many:2");
        dispatcher.look();
        awaitCompleted(first);
        awaitCompleted(second);
    }

    @Test
    void the_next_of_a_thread_follows_at_once() {
        var first = post("t", "slow:20x20");
        var second = post("t", "many:2");
        dispatcher.look();
        awaitCompleted(first);
        awaitCompleted(second);
        assertThat(looks).hasValueBetween(2, 3);
    }

    private Accepted post(String thread, String script) {
        return post(truth.org, thread, script);
    }

    private Accepted post(UUID org, String thread, String script) {
        truth.organisation(org);
        return (Accepted) truth.send(new SentMessage(
                org,
                "ann",
                Optional.of(thread),
                Optional.empty(),
                "user",
                Truth.text(script),
                Optional.empty(),
                RunOptions.none(),
                OnBusy.ENQUEUE));
    }

    private void awaitCompleted(Accepted sent) {
        String state = "select state from runs where run_id = '" + sent.run() + "'";
        Await.until(
                "it is completed", SOON, () -> truth.one(state, String.class).equals(RunState.COMPLETED.name()));
    }

    private Claims counted() {
        var claims = Steps.on(truth).claims();
        return new Claims(truth.jdbi) {
            @Override
            public Claimed claim(NodeId me, int free, UUID claimId) {
                looks.incrementAndGet();
                return claims.claim(me, free, claimId);
            }
        };
    }
}
