package dev.continuo.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.log.LiveMessage;
import dev.continuo.log.LiveMessage.Marker;
import dev.continuo.node.Lease;
import dev.continuo.run.Claim;
import dev.continuo.run.Flushes;
import dev.continuo.run.RunOptions;
import dev.continuo.stats.Stats;
import dev.continuo.testkit.MemoryLiveLog;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PublisherTest {
    private static final UUID THREAD = UUID.randomUUID();

    private final MemoryLiveLog live = new MemoryLiveLog();
    private final Signals signals = new Signals();
    private final Claim claim = new Claim(
            UUID.randomUUID(),
            THREAD,
            UUID.randomUUID(),
            1,
            1,
            UUID.randomUUID(),
            1,
            0,
            Duration.ZERO,
            Duration.ZERO,
            0,
            UUID.randomUUID(),
            false,
            RunOptions.none(),
            false);
    private final RunLog log =
            new RunLog(claim, 0, new GroupCommit(new Flushes(null), new Stats()), new Lease(), signals);

    /** Refused under a higher epoch by another claim; returns when the publisher has stopped. */
    private void publishAfterASuccessor(Publisher.Ownership row) {
        live.publish(THREAD, claim.run(), new Marker(2, LiveMessage.claim8(UUID.randomUUID()), 0, "takeover"), 0);
        log.buffer().announce(new Marker(1, LiveMessage.claim8(claim.claimId()), 0, "claim"));
        new Publisher(live, row, new Stats(), signals, THREAD, log, 0, _ -> {}).run();
    }

    @Test
    void a_higher_epoch_and_a_row_that_names_another_owner_end_it() {
        publishAfterASuccessor(() -> false);
        assertThat(signals.isLost()).isTrue();
    }

    @Test
    void a_higher_epoch_ends_an_owner_that_is_cut_off_from_the_database_at_once() {
        publishAfterASuccessor(() -> {
            throw new IllegalStateException("no connection");
        });
        assertThat(signals.isLost()).isTrue();
    }
}
