package dev.continuo.attach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.testkit.Await;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CoalescedTest {
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    @Test
    void any_number_of_requests_during_a_run_make_one_more() throws InterruptedException {
        var runs = new AtomicInteger();
        var go = new CountDownLatch(1);
        var task = new Coalesced("test", Duration.ZERO, () -> {
            runs.incrementAndGet();
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        task.ask();
        Await.until("the first run", DEADLINE, () -> runs.get() == 1);
        for (int i = 0; i < 100; i++) {
            task.ask();
        }
        go.countDown();
        Await.until("the second run", DEADLINE, () -> runs.get() == 2);
        task.ask();
        Await.until("a third after that", DEADLINE, () -> runs.get() >= 3);
        assertThat(runs.get()).isEqualTo(3);
    }

    @Test
    void starts_keep_their_distance() {
        var runs = new AtomicInteger();
        var gap = Duration.ofMillis(40);
        var task = new Coalesced("test", gap, runs::incrementAndGet);
        long start = System.nanoTime();
        Await.until("five runs", DEADLINE, () -> {
            task.ask();
            return runs.get() >= 5;
        });
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(gap.multipliedBy(4));
    }

    @Test
    void a_task_that_fails_runs_again_when_asked() {
        var runs = new AtomicInteger();
        var task = new Coalesced("a test's task", Duration.ZERO, () -> {
            if (runs.incrementAndGet() == 1) {
                throw new IllegalStateException("the first run fails");
            }
        });
        task.ask();
        Await.until("a second run", DEADLINE, () -> {
            task.ask();
            return runs.get() > 1;
        });
    }

    @Test
    void a_stopped_one_never_runs_again() {
        var runs = new AtomicInteger();
        var task = new Coalesced("test", Duration.ZERO, runs::incrementAndGet);
        task.stop();
        task.ask();
        assertThat(runs.get()).isZero();
    }
}
