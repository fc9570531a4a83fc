package dev.continuo.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.node.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Every statement of an owner, asked by somebody who is it no more. */
class FenceIT {
    private final Truth truth = Truth.fresh();
    private final NodeId node = Truth.node("n");

    @Test
    void a_stale_epoch_is_refused_everywhere() {
        truth.post("t");
        Claim old = truth.start(node);
        truth.flush(Truth.opening(old, "a"));
        truth.release(old.fence(), GiveBack.HAND_OVER, Duration.ZERO);
        Claim current = truth.claimOne(node);
        truth.open(new Opening(
                current.fence(), "n", 3, List.of(), OptionalLong.empty(), new Voided.Nothing(), "takeover"));

        refusesEverything(old.fence());
        assertThat(truth.flushOne(Truth.words(current.fence(), 4, "b"))).isInstanceOf(FlushOutcome.Committed.class);
    }

    @Test
    void another_claim_of_the_same_epoch_is_refused_everywhere() {
        truth.post("t");
        Claim claim = truth.start(node);
        truth.flush(Truth.opening(claim, "a"));

        refusesEverything(new Fence(claim.run(), claim.epoch(), UUID.randomUUID()));
        assertThat(truth.flushOne(Truth.words(claim.fence(), 4, "b"))).isInstanceOf(FlushOutcome.Committed.class);
    }

    @Test
    void who_was_reaped_is_refused_before_anybody_claims() {
        truth.post("t");
        Claim claim = truth.start(node);
        truth.flush(Truth.opening(claim, "a"));
        truth.execute("update runs set state = 'READY', owner = null, owner_boot = null, ready_at = clock_timestamp()");

        refusesEverything(claim.fence());
    }

    private void refusesEverything(Fence fence) {
        String before = all();
        assertThat(truth.open(
                        new Opening(fence, "n", 3, List.of(), OptionalLong.empty(), new Voided.Nothing(), "zombie")))
                .isEqualTo(new OpenResult.Lost());
        assertThat(truth.fork(new Fork(fence, "n", 1, new Voided.Nothing(), Fork.Cause.FAILED_CALL, "zombie")))
                .isEqualTo(new ForkResult.Lost());
        assertThat(truth.flushOne(Truth.words(fence, 4, "zombie")))
                .isEqualTo(new FlushOutcome.Lost(fence.run(), fence.epoch()));
        assertThat(truth.complete(fence)).isEqualTo(new FinishResult.Lost());
        assertThat(truth.release(fence, GiveBack.HAND_OVER, Duration.ZERO)).isFalse();
        assertThat(truth.tx(() -> truth.pauses.pause(fence, List.of()))).isEqualTo(new PauseResult.Lost());
        assertThat(truth.tx(() -> new Attempts(truth.jdbi).stepFinished(fence, "{}", "{}")))
                .isFalse();
        assertThat(truth.tx(() -> new Attempts(truth.jdbi).fellBack(fence, 1, "zombie")))
                .isFalse();
        assertThat(truth.tx(() -> truth.reconciles.giveBack(node, List.of(fence))))
                .isEmpty();
        truth.shown(new Fence(fence.run(), 2, fence.claimId()), new Voided.UpTo(99));
        assertThat(all()).isEqualTo(before);
    }

    private String all() {
        return truth.one("""
                select (select jsonb_agg(to_jsonb(r) order by run_id) from runs r)::text
                  || (select jsonb_agg(to_jsonb(s) order by first_idx) from run_segments s)::text
                  || (select jsonb_agg(to_jsonb(e) order by epoch) from run_epochs e)::text""", String.class);
    }
}
