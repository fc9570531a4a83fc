package dev.continuo.live;

import static dev.continuo.live.LiveMessages.batch;
import static dev.continuo.live.LiveMessages.marker;
import static dev.continuo.live.LiveMessages.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.continuo.log.LiveMessage;
import dev.continuo.log.LiveMessage.Delivered;
import dev.continuo.log.LogRecord;
import dev.continuo.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What every live log promises. */
interface LiveLogContract {
    UUID THREAD = UUID.randomUUID();

    LiveLog live();

    @Test
    default void what_is_published_is_read_back_as_it_was() throws Exception {
        var run = UUID.randomUUID();
        var withMeta = new LiveMessage.Batch(
                2,
                "0123abcd",
                List.of(
                        new LogRecord(5, 2, "{\"type\":\"start\"}".getBytes(), "{\"p\":1}".getBytes()),
                        new LogRecord(6, 2, "{\"type\":\"start-step\"}".getBytes())));
        long first = stored(live().publish(THREAD, run, marker(2, 4), 0));
        long second = stored(live().publish(THREAD, run, withMeta, first));
        assertThat(live().replay(THREAD, run, 0))
                .containsExactly(new Delivered(first, marker(2, 4)), new Delivered(second, withMeta));
        assertThat(live().last(THREAD, run)).contains(new Delivered(second, withMeta));
    }

    @Test
    default void what_is_forgotten_is_gone_with_all_runs_of_its_thread_and_nothing_else() throws Exception {
        var thread = UUID.randomUUID();
        var gone = UUID.randomUUID();
        var gone2 = UUID.randomUUID();
        var stays = UUID.randomUUID();
        stored(live().publish(thread, gone, batch(1, 1, 3), 0));
        stored(live().publish(thread, gone2, batch(1, 1, 3), 0));
        stored(live().publish(THREAD, stays, batch(1, 1, 3), 0));
        live().forget(thread);
        live().forget(thread);
        assertThat(live().replay(thread, gone, 0)).isEmpty();
        assertThat(live().last(thread, gone2)).isEmpty();
        assertThat(live().replay(THREAD, stays, 0)).hasSize(1);
    }

    @Test
    default void the_fence_refuses_a_writer_who_did_not_see_the_last_message() {
        var run = UUID.randomUUID();
        long first = stored(live().publish(THREAD, run, batch(1, 1, 3), 0));
        stored(live().publish(THREAD, run, marker(2, 3), first));
        assertThat(live().publish(THREAD, run, batch(1, 4, 1), first)).isEqualTo(new PublishResult.Refused());
        assertThat(live().publish(THREAD, run, batch(1, 4, 1), 0)).isEqualTo(new PublishResult.Refused());
    }

    @Test
    default void a_resend_is_stored_once_and_answers_with_the_first_sequence() throws Exception {
        var run = UUID.randomUUID();
        long first = stored(live().publish(THREAD, run, batch(1, 1, 3), 0));
        assertThat(live().publish(THREAD, run, batch(1, 1, 3), 0)).isEqualTo(new PublishResult.Stored(first));
        assertThat(live().replay(THREAD, run, 0)).hasSize(1);
    }

    @Test
    default void a_follower_gets_each_stored_message_with_its_sequence_and_no_refused_one() {
        var run = UUID.randomUUID();
        var got = new CopyOnWriteArrayList<Delivered>();
        try (var _ = live().follow(THREAD, run, got::add)) {
            long first = stored(live().publish(THREAD, run, batch(1, 1, 2), 0));
            live().publish(THREAD, run, batch(7, 3, 1), 0);
            live().publish(THREAD, run, batch(1, 1, 2), 0);
            long second = stored(live().publish(THREAD, run, batch(1, 3, 1), first));
            Await.until("the second message", Duration.ofSeconds(5), () -> got.size() >= 2);
            assertThat(got)
                    .containsExactly(new Delivered(first, batch(1, 1, 2)), new Delivered(second, batch(1, 3, 1)));
        }
    }

    @Test
    default void a_closed_follower_gets_nothing_more_and_other_runs_never() {
        var run = UUID.randomUUID();
        var closed = new CopyOnWriteArrayList<Delivered>();
        var other = new CopyOnWriteArrayList<Delivered>();
        var open = new CopyOnWriteArrayList<Delivered>();
        live().follow(THREAD, run, closed::add).close();
        try (var _ = live().follow(THREAD, UUID.randomUUID(), other::add);
                var _ = live().follow(THREAD, run, open::add)) {
            stored(live().publish(THREAD, run, batch(1, 1, 1), 0));
            Await.until("the open one has it", Duration.ofSeconds(5), () -> open.size() == 1);
        }
        assertThat(closed).isEmpty();
        assertThat(other).isEmpty();
    }

    @Test
    default void a_replay_after_a_follow_leaves_no_gap() throws Exception {
        var run = UUID.randomUUID();
        var writer = Thread.startVirtualThread(() -> {
            long seq = 0;
            for (int i = 1; i <= 300; i++) {
                seq = stored(live().publish(THREAD, run, batch(1, i, 1), seq));
            }
        });
        Await.until("something was written", Duration.ofSeconds(5), () -> lastSeq(run) > 0);
        var followed = new CopyOnWriteArrayList<Delivered>();
        try (var _ = live().follow(THREAD, run, followed::add)) {
            var replayed = live().replay(THREAD, run, 0);
            writer.join();
            long end = lastSeq(run);
            Await.until(
                    "the last message",
                    Duration.ofSeconds(5),
                    () -> replayed.getLast().seq() == end
                            || (!followed.isEmpty() && followed.getLast().seq() == end));
            var all = new ArrayList<>(replayed);
            followed.stream().filter(d -> d.seq() > replayed.getLast().seq()).forEach(all::add);
            assertThat(all.stream().map(d -> ((LiveMessage.Batch) d.message()).first()))
                    .containsExactlyElementsOf(java.util.stream.IntStream.rangeClosed(1, 300)
                            .boxed()
                            .toList());
        }
    }

    @Test
    default void a_replay_starts_after_the_given_sequence_and_from_the_start_where_that_is_unknown() throws Exception {
        var run = UUID.randomUUID();
        long first = stored(live().publish(THREAD, run, batch(1, 1, 1), 0));
        long second = stored(live().publish(THREAD, run, batch(1, 2, 1), first));
        assertThat(live().replay(THREAD, run, first)).containsExactly(new Delivered(second, batch(1, 2, 1)));
        assertThat(live().replay(THREAD, run, second)).isEmpty();
        assertThat(live().replay(THREAD, run, second + 1_000_000)).hasSize(2);
        assertThat(live().replay(THREAD, UUID.randomUUID(), 0)).isEmpty();
        assertThat(live().last(THREAD, UUID.randomUUID())).isEmpty();
    }

    @Test
    default void a_message_that_the_broker_could_not_take_is_the_callers_mistake() {
        var huge = new LogRecord(1, 1, new byte[LiveLog.MAX_PAYLOAD]);
        var message = new LiveMessage.Batch(1, "abcdef01", List.of(huge));
        assertThatThrownBy(() -> live().publish(THREAD, UUID.randomUUID(), message, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private long lastSeq(UUID run) {
        try {
            return live().last(THREAD, run).map(Delivered::seq).orElse(0L);
        } catch (LiveUnavailable e) {
            throw new AssertionError(e);
        }
    }
}
