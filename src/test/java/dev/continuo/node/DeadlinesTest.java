package dev.continuo.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private static final Duration FAR = Duration.ofHours(1);

    @Test
    void whoever_is_late_hears_it_once_and_not_before_the_time() throws Exception {
        var told = new AtomicInteger();
        long began = System.nanoTime();
        var heard = new CountDownLatch(1);
        var left = Duration.ofMillis(60);

        try (var _ = Deadlines.in(left, () -> {
            told.incrementAndGet();
            heard.countDown();
        })) {
            assertThat(heard.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(left);
            aLookGoesBy();
        }

        assertThat(told).hasValue(1);
    }

    @Test
    void whoever_is_in_time_hears_nothing() throws Exception {
        var told = new AtomicInteger();

        Deadlines.in(Duration.ofMillis(40), told::incrementAndGet).close();
        aLookGoesBy();
        Deadlines.in(FAR, told::incrementAndGet).close();

        assertThat(told).hasValue(0);
    }

    @Test
    void a_time_that_is_over_already_is_late_too() throws Exception {
        var heard = new CountDownLatch(1);

        try (var _ = Deadlines.in(Duration.ofSeconds(-1), heard::countDown)) {
            assertThat(heard.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** A later deadline is told in a look that has also seen every earlier one. */
    private static void aLookGoesBy() throws InterruptedException {
        var seen = new CountDownLatch(1);
        try (var _ = Deadlines.in(Duration.ofMillis(80), seen::countDown)) {
            assertThat(seen.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}
