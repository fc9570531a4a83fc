package dev.continuo.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.continuo.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BatchedQueryTest {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int HELD = -1;

    private final Semaphore go = new Semaphore(0);
    private final Queue<Set<Integer>> batches = new ConcurrentLinkedQueue<>();
    private final Queue<Integer> alone = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private RuntimeException batchFails;
    private Error batchDies;
    private BatchedQuery<Integer, String> query = new BatchedQuery<>(this::one, this::many, DEADLINE);

    private String one(Integer key) {
        alone.add(key);
        if (key == HELD) {
            try {
                go.acquire();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        if (key == 13) {
            throw new IllegalStateException("there is no " + key);
        }
        return "row " + key;
    }

    private Map<Integer, String> many(Set<Integer> keys) {
        batches.add(Set.copyOf(keys));
        if (batchDies != null) {
            throw batchDies;
        }
        if (batchFails != null) {
            throw batchFails;
        }
        var rows = new HashMap<Integer, String>();
        keys.forEach(k -> rows.put(k, "row " + k));
        return rows;
    }

    @Test
    void who_comes_alone_asks_alone() {
        for (int i = 0; i < 5; i++) {
            assertThat(query.ask(i)).isEqualTo("row " + i);
        }
        assertThat(batches).isEmpty();
    }

    @Test
    void who_comes_while_others_are_answered_is_gathered() throws Exception {
        var answers = whileHeld(IntStream.range(0, 100).boxed().toList());

        for (int i = 0; i < 100; i++) {
            assertThat(answers.get(i).get()).isEqualTo("row " + i);
        }
        assertThat(alone).containsOnly(HELD);
        assertThat(batches.stream().mapToInt(Set::size)).containsExactlyInAnyOrder(32, 32, 32, 4);
    }

    @Test
    void who_asks_the_same_shares_the_answer() throws Exception {
        var answers = whileHeld(List.of(1, 1, 1, 2));

        for (var answer : answers) {
            assertThat(answer.get()).startsWith("row ");
        }
        assertThat(batches).containsExactly(Set.of(1, 2));
    }

    @Test
    void a_batch_that_fails_is_asked_again_one_by_one() throws Exception {
        batchFails = new IllegalStateException("one of them cannot be read");
        var answers = whileHeld(List.of(12, 13, 14));

        assertThat(answers.get(0).get()).isEqualTo("row 12");
        assertThatThrownBy(answers.get(1)::get).hasRootCauseMessage("there is no 13");
        assertThat(answers.get(2).get()).isEqualTo("row 14");
    }

    @Test
    void a_batch_that_dies_keeps_nobody_waiting() throws Exception {
        batchDies = new StackOverflowError();

        for (var answer : whileHeld(List.of(1, 2, 3))) {
            assertThat(answer.get()).startsWith("row ");
        }
    }

    @Test
    void failures_keep_no_lane() throws Exception {
        batchFails = new IllegalStateException("always");
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> query.ask(13)).hasMessage("there is no 13");
            for (var answer : whileHeld(List.of(1, 2, 3))) {
                answer.get();
            }
        }
        batches.clear();

        assertThat(query.ask(7)).isEqualTo("row 7");
        assertThat(batches).isEmpty();
    }

    @Test
    void who_waits_too_long_asks_alone() throws Exception {
        query = new BatchedQuery<>(this::one, this::many, Duration.ofMillis(50));
        var answer = queued(List.of(7)).getFirst();

        assertThat(answer.get()).isEqualTo("row 7");
        assertThat(alone).containsExactlyInAnyOrder(HELD, HELD, 7);
        go.release(2);
        for (var held : threads) {
            held.join();
        }
        assertThat(batches).as("it is not asked for once more").isEmpty();
        assertThat(alone).hasSize(3);
    }

    /** Asks for these while every lane is taken, and gives the lanes back once all are waiting. */
    private List<FutureTask<String>> whileHeld(List<Integer> keys) {
        var answers = queued(keys);
        Await.until("all to wait", DEADLINE, () -> threads.stream()
                .map(Thread::getState)
                .allMatch(s -> s == Thread.State.WAITING || s == Thread.State.TIMED_WAITING));
        go.release(2);
        return answers;
    }

    private List<FutureTask<String>> queued(List<Integer> keys) {
        threads.clear();
        alone.clear();
        start(() -> query.ask(HELD));
        start(() -> query.ask(HELD));
        Await.until("both lanes to be taken", DEADLINE, () -> alone.size() == 2);
        return keys.stream().map(k -> start(() -> query.ask(k))).toList();
    }

    private FutureTask<String> start(Callable<String> asking) {
        var task = new FutureTask<>(asking);
        threads.add(Thread.ofPlatform().daemon().start(task));
        return task;
    }
}
