package dev.continuo.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private static final Duration SOON = Duration.ofSeconds(1);

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
            hears(left);
        }

        assertThat(told).hasValue(1);
    }

    @Test
    void whoever_is_in_time_hears_nothing() throws Exception {
        var told = new AtomicInteger();

        Deadlines.in(SOON, told::incrementAndGet).close();
        hears(SOON.plusMillis(100));

        assertThat(told).hasValue(0);
    }

    @Test
    void one_that_cannot_be_told_takes_no_other_with_it() throws Exception {
        var failed = new CountDownLatch(1);
        try (var _ = Deadlines.in(Duration.ZERO, () -> {
            failed.countDown();
            throw new OutOfMemoryError("as it were");
        })) {
            assertThat(failed.await(30, TimeUnit.SECONDS)).isTrue();
        }

        hears(Duration.ZERO);
    }

    @Test
    void a_time_that_is_over_already_is_late_too() throws Exception {
        var heard = new CountDownLatch(1);

        try (var _ = Deadlines.in(Duration.ofSeconds(-1), heard::countDown)) {
            assertThat(heard.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** A look that tells one deadline has seen every earlier one, too. */
    private static void hears(Duration left) throws InterruptedException {
        var seen = new CountDownLatch(1);
        try (var _ = Deadlines.in(left, seen::countDown)) {
            assertThat(seen.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}
