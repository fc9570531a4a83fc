package dev.continuo.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenBucketsTest {
    private final AtomicLong now = new AtomicLong();
    private final TokenBuckets buckets = new TokenBuckets(new Limits.Rate(2, 3), () -> Instant.ofEpochMilli(now.get()));

    @Test
    void a_burst_goes_through_and_the_next_one_is_told_how_long_to_wait() {
        assertThat(buckets.take("a")).isEmpty();
        assertThat(buckets.take("a")).isEmpty();
        assertThat(buckets.take("a")).isEmpty();
        assertThat(buckets.take("a")).contains(Duration.ofMillis(500));
        assertThat(buckets.take("b")).isEmpty();
    }

    @Test
    void tokens_come_back_at_the_rate_and_never_beyond_the_burst() {
        for (int i = 0; i < 3; i++) {
            buckets.take("a");
        }
        now.addAndGet(500);
        assertThat(buckets.take("a")).isEmpty();
        assertThat(buckets.take("a")).isPresent();
        now.addAndGet(3_600_000);
        for (int i = 0; i < 3; i++) {
            assertThat(buckets.take("a")).isEmpty();
        }
        assertThat(buckets.take("a")).isPresent();
    }

    @Test
    void a_clock_that_goes_back_gives_and_takes_nothing() {
        for (int i = 0; i < 3; i++) {
            buckets.take("a");
        }
        now.addAndGet(-10_000);
        assertThat(buckets.take("a")).contains(Duration.ofMillis(500));
    }
}
