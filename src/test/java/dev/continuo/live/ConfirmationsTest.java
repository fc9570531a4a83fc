package dev.continuo.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.continuo.testkit.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConfirmationsTest {
    private final AtomicInteger asked = new AtomicInteger();
    private final Semaphore answers = new Semaphore(0);
    private volatile boolean broken;
    private final Confirmations confirmations = new Confirmations(() -> {
        asked.incrementAndGet();
        answers.acquire();
        if (broken) {
            throw new IOException("no answer");
        }
    });

    @Test
    void a_crowd_shares_the_question_after_the_one_that_is_on_its_way() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(this::confirm);
            awaitAsked(1);
            var crowd = new ArrayList<Future<?>>();
            for (int i = 0; i < 200; i++) {
                crowd.add(threads.submit(this::confirm));
            }
            Await.until("all wait", Duration.ofSeconds(10), () -> confirmations.waiting() == 200);
            answers.release();
            first.get();
            awaitAsked(2);
            assertThat(crowd).noneMatch(Future::isDone);
            answers.release();
            for (var one : crowd) {
                one.get();
            }
        }
        assertThat(asked).hasValue(2);
    }

    @Test
    void a_question_that_was_asked_before_says_nothing_about_what_came_later() throws Exception {
        answers.release(2);
        confirmations.confirm();
        confirmations.confirm();
        assertThat(asked).hasValue(2);
    }

    @Test
    void a_failure_is_shared_by_those_who_waited_for_it_and_by_nobody_after_them() throws Exception {
        broken = true;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(this::confirm);
            awaitAsked(1);
            var second = threads.submit(this::confirm);
            var third = threads.submit(this::confirm);
            Await.until("both wait", Duration.ofSeconds(10), () -> confirmations.waiting() == 2);
            answers.release(2);
            for (var one : new Future<?>[] {first, second, third}) {
                assertThatThrownBy(one::get).hasRootCauseMessage("no answer");
            }
        }
        assertThat(asked).hasValue(2);
        broken = false;
        answers.release();
        confirmations.confirm();
    }

    private Void confirm() throws IOException, InterruptedException {
        confirmations.confirm();
        return null;
    }

    private void awaitAsked(int times) {
        Await.until("asked " + times + " times", Duration.ofSeconds(10), () -> asked.get() == times);
    }
}
