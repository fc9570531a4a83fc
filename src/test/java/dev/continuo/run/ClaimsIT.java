package dev.continuo.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.intake.OnBusy;
import dev.continuo.intake.SentMessage;
import dev.continuo.node.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ClaimsIT {
    private final Truth truth = Truth.fresh();
    private final NodeId node = Truth.node("n");

    @Test
    void a_storm_of_eight_claimers_and_four_posters_runs_each_thread_in_order_and_alone() {
        int threads = 6;
        int each = 20;
        int all = threads * each;
        var accepted = new ConcurrentHashMap<String, List<UUID>>();
        var finished = new ConcurrentLinkedQueue<UUID>();
        var busy = new ConcurrentHashMap<UUID, Boolean>();
        var overlaps = new AtomicInteger();
        var calls = new ArrayList<Callable<Void>>();
        for (int poster = 0; poster < threads; poster++) {
            String thread = "t" + poster;
            calls.add(() -> {
                var mine = new ArrayList<UUID>();
                for (int i = 0; i < each; i++) {
                    mine.add(truth.post(thread).run());
                }
                accepted.put(thread, mine);
                return null;
            });
        }
        for (int claimer = 0; claimer < 8; claimer++) {
            NodeId me = Truth.node("n" + claimer);
            calls.add(() -> {
                while (finished.size() < all) {
                    for (Claim claim : truth.claim(me, 2)) {
                        if (busy.put(claim.thread(), true) != null) {
                            overlaps.incrementAndGet();
                        }
                        truth.open(Opening.first(claim.fence(), me.name()));
                        truth.flushUntilCommitted(Truth.opening(claim, "x"));
                        busy.remove(claim.thread());
                        finished.add(claim.run());
                        assertThat(truth.complete(claim.fence())).isInstanceOf(FinishResult.Finished.class);
                    }
                }
                return null;
            });
        }

        Race.of(calls);

        assertThat(overlaps).hasValue(0);
        var order = new HashMap<UUID, Integer>();
        finished.forEach(run -> order.put(run, order.size()));
        accepted.values().forEach(runs -> assertThat(runs)
                .extracting(order::get)
                .doesNotContainNull()
                .isSorted());
        assertThat(truth.one("select count(*) from runs where state = 'COMPLETED' and epoch = 1", int.class))
                .isEqualTo(all);
        assertThat(truth.one("select count(*) from messages where ord = 1 and complete", int.class))
                .isEqualTo(all);
    }

    @Test
    void organisations_take_turns_however_much_one_of_them_has_waiting() {
        for (int i = 0; i < 50; i++) {
            truth.post("noisy-" + i);
        }
        UUID quiet = UUID.randomUUID();
        truth.organisation(quiet);
        var late = post(quiet, "late");

        assertThat(truth.claim(node, 4)).hasSize(4).extracting(Claim::run).contains(late);
    }

    private UUID post(UUID org, String thread) {
        var accepted = (dev.continuo.intake.Acceptance.Accepted) truth.send(new SentMessage(
                org,
                "zoe",
                Optional.of(thread),
                Optional.empty(),
                "user",
                Truth.text("hi"),
                Optional.empty(),
                RunOptions.none(),
                OnBusy.ENQUEUE));
        return accepted.run();
    }

    @Test
    void ten_times_the_load_of_one_organisation_moves_no_start_of_another_back() {
        UUID quiet = UUID.randomUUID();
        truth.organisation(quiet);
        for (int i = 0; i < 100; i++) {
            truth.post("noisy-" + i);
        }
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < 10; i++) {
                truth.post("noisy-" + round + "-" + i);
            }
            var asked = post(quiet, "quiet-" + round);

            var claims = truth.claim(node, 2);

            assertThat(claims).as("round " + round).extracting(Claim::run).contains(asked);
            claims.stream().filter(c -> c.org().equals(quiet)).forEach(c -> {
                truth.open(Opening.first(c.fence(), node.name()));
                truth.complete(c.fence());
            });
        }
        assertThat(truth.one(
                        "select count(*) from runs where org_id = '" + quiet + "' and state = 'COMPLETED'", int.class))
                .isEqualTo(10);
        assertThat(truth.one("select count(*) from runs where state = 'RUNNING'", int.class))
                .as("and the other one has all the rest, though it has many running")
                .isEqualTo(10);
    }

    @Test
    void an_organisation_never_runs_more_than_its_share() {
        truth.execute("update settings set org_running = 3");
        for (int i = 0; i < 5; i++) {
            truth.post("t" + i);
        }

        assertThat(truth.claim(node, 3)).hasSize(3);
        assertThat(truth.claim(node, 3)).isEmpty();
    }

    @Test
    void what_backs_off_is_not_claimed_before_its_time_and_keeps_its_seat() {
        var first = truth.post("t");
        var second = truth.post("t");
        Claim claim = truth.start(node);

        assertThat(truth.release(claim.fence(), GiveBack.BACK_OFF, Duration.ofHours(1)))
                .isTrue();

        assertThat(truth.claim(node, 5)).isEmpty();
        assertThat(truth.run(first.run()))
                .returns(RunState.READY, RunView::state)
                .returns(0, RunView::attempt)
                .returns(1, RunView::tries);
        assertThat(truth.run(second.run()).state()).isEqualTo(RunState.WAITING);
    }

    @Test
    void a_claim_says_that_a_cancel_is_pending_and_that_it_was_opened_before() {
        truth.post("t");
        Claim first = truth.start(node);
        assertThat(truth.cancel(first.run())).isInstanceOf(CancelResult.Requested.class);
        truth.release(first.fence(), GiveBack.HAND_OVER, Duration.ZERO);

        Claim second = truth.claimOne(node);

        assertThat(second.cancelRequested()).isTrue();
        assertThat(second.opened()).isTrue();
        assertThat(second.epoch()).isEqualTo(2);
        assertThat(second.attempt()).isEqualTo(1);
    }

    @Test
    void a_locked_row_is_passed_over() {
        truth.post("a");
        var free = truth.post("b");

        truth.tx.run(() -> {
            truth.execute("select 1 from runs where thread_id <> '" + free.thread() + "' for update");
            var others = Race.of(1, () -> truth.claim(node, 5)).getFirst();
            assertThat(others).extracting(Claim::run).containsExactly(free.run());
        });
    }
}
