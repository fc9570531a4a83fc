package dev.continuo.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.continuo.log.Segment;
import dev.continuo.node.NodeId;
import dev.continuo.run.FlushOutcome.Committed;
import dev.continuo.run.FlushOutcome.Lost;
import dev.continuo.run.FlushOutcome.Mine;
import dev.continuo.run.FlushOutcome.Skipped;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.Test;

class FlushesIT {
    private final Truth truth = Truth.fresh();
    private final NodeId node = Truth.node("n");

    private Claim started(String thread) {
        truth.post(thread);
        return truth.start(node);
    }

    @Test
    void a_group_commits_what_it_can_and_says_what_became_of_each() {
        Claim good = started("good");
        Claim held = started("held");
        Claim gone = started("gone");
        Claim behind = started("behind");
        truth.flush(Truth.opening(behind, "a"));
        truth.execute("update runs set epoch = 7 where run_id = '" + gone.run() + "'");
        truth.cancel(good.run());

        List<FlushOutcome> outcomes = truth.tx.call(() -> {
            truth.execute("select 1 from runs where run_id = '" + held.run() + "' for update");
            return Race.of(
                            1,
                            () -> truth.flush(
                                    Truth.opening(behind, "a"),
                                    Truth.opening(gone, "a"),
                                    Truth.opening(held, "a"),
                                    Truth.opening(good, "a")))
                    .getFirst();
        });

        assertThat(outcomes)
                .containsExactly(
                        new Mine(behind.run(), 1, 3, false),
                        new Lost(gone.run(), 1),
                        new Skipped(held.run(), 1),
                        new Committed(good.run(), 1, 3, true));
        assertThat(truth.flushOne(Truth.opening(held, "a"))).isEqualTo(new Committed(held.run(), 1, 3, false));
    }

    @Test
    void a_retry_after_an_unknown_commit_writes_nothing_twice() {
        Claim claim = started("t");
        FlushItem item = Truth.opening(claim, "a");
        truth.flush(item);

        assertThat(truth.flushOne(item)).isEqualTo(new Mine(claim.run(), 1, 3, false));
        assertThat(truth.one("select count(*) from run_segments", int.class)).isEqualTo(1);
    }

    @Test
    void a_hole_is_refused() {
        Claim claim = started("t");

        assertThat(truth.flushOne(Truth.words(claim.fence(), 2, "a"))).isEqualTo(new Mine(claim.run(), 1, 0, false));
    }

    @Test
    void a_deleted_thread_is_lost_to_its_owner() {
        Claim claim = started("t");
        var deletion = new dev.continuo.thread.ThreadDeletion(truth.jdbi);

        assertThat(truth.tx(() -> deletion.delete(truth.ann, claim.thread()))).contains(List.of(claim.run()));

        assertThat(truth.flushOne(Truth.opening(claim, "a"))).isEqualTo(new Lost(claim.run(), 1));
        assertThat(truth.one("select count(*) from run_segments", int.class)).isZero();
    }

    @Test
    void segments_come_back_byte_for_byte() {
        Claim claim = started("t");
        FlushItem item = Truth.opening(claim, "a", "\u0000 \u2028 \uD83D\uDE00");
        truth.flush(item);

        var stored =
                truth.snapshots.read(claim.run(), 0).orElseThrow().segments().getFirst();
        assertThat(stored.payload()).isEqualTo(item.segment().payload());
        assertThat(stored.jsSeq()).isEqualTo(OptionalLong.of(1));
    }

    @Test
    void an_item_of_another_epoch_than_its_fence_cannot_be_made() {
        Claim claim = started("t");
        Segment other = Truth.words(claim.fence().withEpoch(2), 1, "a").segment();

        assertThatThrownBy(() -> new FlushItem(claim.fence(), other)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void two_hundred_runs_go_in_one_transaction_of_two_statements() {
        for (int i = 0; i < 200; i++) {
            truth.post("t" + i);
        }
        List<Claim> claims = truth.claim(node, 200);
        claims.forEach(c -> truth.open(Opening.first(c.fence(), "n")));

        var statements = new AtomicInteger();
        truth.jdbi.setSqlLogger(new SqlLogger() {
            @Override
            public void logBeforeExecution(StatementContext statement) {
                statements.incrementAndGet();
            }
        });
        var outcomes =
                truth.flush(claims.stream().map(c -> Truth.opening(c, "a")).toArray(FlushItem[]::new));

        assertThat(outcomes).hasSize(200).allMatch(Committed.class::isInstance);
        assertThat(statements).as("statements for 200 runs").hasValue(2);
    }
}
