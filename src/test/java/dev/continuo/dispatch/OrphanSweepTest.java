package dev.continuo.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.nats.Hints;
import dev.continuo.nats.NatsConnections;
import dev.continuo.node.Lease;
import dev.continuo.run.Reaper;
import dev.continuo.run.UnbrokenRenewals;
import dev.continuo.stats.Stats;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrphanSweepTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final Lease lease = new Lease();
    private boolean away;
    private Duration claimed = Duration.ZERO;

    @Test
    void a_database_that_was_away_between_two_renewals_takes_the_right_to_judge() {
        lease.renewed(lease.now() - HOUR.toNanos(), HOUR.multipliedBy(2));
        try (var nats = NatsConnections.to("nats://127.0.0.1:1")) {
            var sweep = new OrphanSweep(lease, reaper(), new Hints(nats), new Stats());
            sweep.runOnce();
            assertThat(claimed).isGreaterThanOrEqualTo(HOUR);

            away = true;
            sweep.runOnce();
            away = false;
            sweep.runOnce();

            assertThat(claimed).isLessThan(HOUR);
        }
    }

    private Reaper reaper() {
        return new Reaper(null) {
            @Override
            public List<Reaped> reap(UnbrokenRenewals mine) {
                if (away) {
                    throw new IllegalStateException("the database is away");
                }
                claimed = mine.span();
                return List.of();
            }
        };
    }
}
