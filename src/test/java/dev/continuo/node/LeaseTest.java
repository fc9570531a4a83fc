package dev.continuo.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LeaseTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Lease lease = new Lease(nanos::get);

    @Test
    void nothing_may_start_before_the_first_renewal() {
        assertThat(lease.mayStart()).isFalse();
        assertThat(lease.mayRead()).isFalse();
    }

    @Test
    void the_lease_runs_from_before_the_renewal_was_sent() {
        lease.renewed(lease.now(), Duration.ofSeconds(6));
        pass(Duration.ofMillis(5999));
        assertThat(lease.mayStart()).isTrue();
        pass(Duration.ofMillis(1));
        assertThat(lease.mayStart()).isFalse();
        assertThat(lease.mayRead()).isTrue();
        pass(Duration.ofSeconds(24));
        assertThat(lease.mayRead()).isFalse();
    }

    @Test
    void a_failed_renewal_begins_the_unbroken_time_anew() {
        lease.renewed(lease.now(), Duration.ofSeconds(6));
        pass(Duration.ofSeconds(4));
        lease.renewed(lease.now(), Duration.ofSeconds(6));
        assertThat(lease.unbroken()).isEqualTo(Duration.ofSeconds(4));
        lease.failed();
        pass(Duration.ofSeconds(1));
        lease.renewed(lease.now(), Duration.ofSeconds(6));
        assertThat(lease.unbroken()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void renewals_further_apart_than_a_lease_do_not_count_as_unbroken() {
        lease.renewed(lease.now(), Duration.ofSeconds(6));
        pass(Duration.ofSeconds(60));
        lease.renewed(lease.now(), Duration.ofSeconds(6));
        assertThat(lease.unbroken()).isZero();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
