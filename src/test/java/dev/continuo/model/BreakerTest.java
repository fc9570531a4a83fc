package dev.continuo.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BreakerTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Breaker breaker = new Breaker(nanos::get);

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            breaker.failed();
        }
    }

    @Test
    void it_opens_when_nine_in_ten_of_twenty_calls_failed() {
        breaker.succeeded();
        breaker.succeeded();
        fail(17);
        assertThat(breaker.admits()).isTrue();
        breaker.failed();
        assertThat(breaker.admits()).isFalse();
    }

    @Test
    void three_good_calls_in_twenty_keep_it_closed() {
        for (int i = 0; i < 100; i++) {
            if (i % 6 == 0) {
                breaker.succeeded();
            } else {
                breaker.failed();
            }
            assertThat(breaker.admits()).isTrue();
        }
    }

    @Test
    void after_a_pause_one_call_decides() {
        fail(20);
        nanos.addAndGet(Breaker.PAUSE.toNanos());
        assertThat(breaker.admits()).isTrue();
        assertThat(breaker.admits()).as("only one").isFalse();
        breaker.failed();
        assertThat(breaker.admits()).isFalse();
        nanos.addAndGet(Breaker.PAUSE.toNanos());
        assertThat(breaker.admits()).isTrue();
        breaker.succeeded();
        assertThat(breaker.admits()).isTrue();
        fail(18);
        assertThat(breaker.admits()).as("the window began anew").isTrue();
    }

    @Test
    void a_trial_that_never_ends_does_not_close_it_for_ever() {
        fail(20);
        nanos.addAndGet(Breaker.PAUSE.toNanos());
        assertThat(breaker.admits()).isTrue();
        nanos.addAndGet(Breaker.PAUSE.toNanos());
        assertThat(breaker.admits()).isTrue();
    }
}
