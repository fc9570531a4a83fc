package dev.continuo.attach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.log.Cursor;
import dev.continuo.stats.Stats;
import dev.continuo.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TailTest {
    private final FakeLive live = new FakeLive();
    private final FakeRun run = new FakeRun(live);
    private final Stats stats = new Stats();
    private final Tails tails = new Tails(new Tails.Sources(live, run, stats, Duration.ofMillis(1)));
    private final List<Client> clients = new ArrayList<>();

    /** A client that applies what it reads: its view is what a browser would show. */
    private final class Client {
        final Signal signal = new Signal();
        final TailReader reader;
        final List<String> view = new ArrayList<>();
        final List<String> frames = new ArrayList<>();
        boolean ended;
        boolean vanished;

        Client(Visibility visibility, From from) {
            reader = tails.read(run.thread, run.id, visibility, from, signal);
            clients.add(this);
        }

        /** One thing at most. */
        boolean reads() {
            switch (reader.poll()) {
                case Reading.Nothing() -> {
                    return false;
                }
                case Reading.Records(var more) ->
                    more.forEach(f -> {
                        assertThat(f.idx()).isEqualTo(view.size() + 1);
                        view.add(new String(f.chunk(), java.nio.charset.StandardCharsets.UTF_8)
                                .replaceAll(".*:\"|\"}", ""));
                        frames.add(f.epoch() + "." + f.idx());
                    });
                case Reading.Rewound(int to, long epoch, String reason) -> {
                    frames.add("rewind " + to + " " + epoch + " " + reason);
                    while (view.size() > to) {
                        view.removeLast();
                    }
                }
                case Reading.Ended _ -> {
                    ended = true;
                    return false;
                }
                case Reading.Vanished _ -> {
                    vanished = true;
                    return false;
                }
                case Reading.Deleted() -> throw new AssertionError("deleted");
            }
            return true;
        }

        void readsAll() {
            boolean more = true;
            while (more) {
                more = reads();
            }
        }

        void sees(String... texts) {
            Await.until(String.join(" ", texts) + " but saw " + view, Duration.ofSeconds(5), () -> {
                readsAll();
                return view.equals(List.of(texts));
            });
        }

        void seesTheEnd() {
            Await.until("the end", Duration.ofSeconds(5), () -> {
                readsAll();
                return ended;
            });
        }
    }

    private Client client() {
        return new Client(Visibility.LIVE, From.start());
    }

    private Client client(Cursor cursor) {
        return new Client(Visibility.LIVE, new From.At(cursor));
    }

    @AfterEach
    void closeAll() {
        clients.forEach(c -> c.reader.close());
        tails.sweep();
        tails.sweep();
        assertThat(tails.size()).isZero();
        assertThat(live.followers()).isZero();
        assertThat(stats.tails().sum()).isZero();
    }

    @Test
    void a_late_reader_sees_what_is_committed_then_what_is_published_then_what_comes() {
        run.opens(0);
        run.marks();
        run.says("a", "b");
        run.commits();
        run.says("c");
        var client = client();
        client.sees("a", "b", "c");
        run.says("d");
        client.sees("a", "b", "c", "d");
        assertThat(client.frames).containsExactly("1.1", "1.2", "1.3", "1.4");
    }

    @Test
    void all_watchers_of_a_run_share_one_subscription_and_one_look() {
        run.opens(0);
        run.says("a");
        run.commits();
        // One that comes during the first look may cause a second; those that come after it may not.
        client().sees("a");
        for (int i = 1; i < 20; i++) {
            client();
        }
        clients.forEach(c -> c.sees("a"));
        assertThat(live.followers()).isEqualTo(1);
        assertThat(run.reads()).isEqualTo(1);
    }

    @Test
    void a_message_that_followers_never_heard_of_is_replayed() {
        run.opens(0);
        run.says("a");
        var client = client();
        client.sees("a");
        run.saysUnheard("b");
        run.says("c");
        client.sees("a", "b", "c");
        assertThat(stats.resyncs().sum()).isPositive();
    }

    @Test
    void without_a_broker_everything_still_comes_from_postgresql() {
        live.goAway();
        run.opens(0);
        run.thinks("a");
        run.commits();
        var client = client();
        client.sees("a");
        run.thinks("b", "c");
        run.commits();
        tails.compare();
        client.sees("a", "b", "c");
        run.finishes();
        tails.compare();
        client.seesTheEnd();
        assertThat(client.view).containsExactly("a", "b", "c", "finish");
    }

    @Test
    void a_broker_that_hangs_holds_up_nothing_that_postgresql_has() {
        run.opens(0);
        run.marks();
        run.says("a");
        var early = client();
        early.sees("a");
        live.hang();
        try {
            run.thinks("b");
            run.commits();
            tails.compare();
            early.sees("a", "b");
            client().sees("a", "b");
            run.thinks("c");
            run.commits();
            tails.compare();
            early.sees("a", "b", "c");
        } finally {
            live.answer();
        }
    }

    @Test
    void a_broker_that_lost_its_store_leaves_no_hole() {
        run.opens(0);
        run.marks();
        run.says("a");
        var client = client();
        client.sees("a");
        live.lose();
        run.saysUnheard("b");
        live.lose();
        run.commits();
        run.says("c");
        client.sees("a", "b", "c");
    }

    @Test
    void a_takeover_that_keeps_everything_shown_says_nothing() {
        run.opens(0);
        run.marks();
        run.says("a", "b");
        run.commits();
        var client = client();
        client.sees("a", "b");
        run.opens(2);
        run.marks();
        run.says("c");
        client.sees("a", "b", "c");
        assertThat(client.frames).containsExactly("1.1", "1.2", "2.3");
    }

    @Test
    void a_sleeping_watcher_is_rewound_once_to_the_lowest_of_the_bases_it_missed() {
        run.opens(0);
        run.marks();
        run.says("a", "b", "c", "d");
        var slow = client();
        slow.sees("a", "b", "c", "d");
        var quick = client();
        quick.sees("a", "b", "c", "d");
        run.opens(3);
        run.marks();
        run.says("D");
        quick.sees("a", "b", "c", "D");
        run.opens(1);
        run.marks();
        run.says("B", "C");
        quick.sees("a", "B", "C");
        run.opens(2);
        run.marks();
        run.says("CC");
        quick.sees("a", "B", "CC");
        slow.sees("a", "B", "CC");
        assertThat(slow.frames).containsExactly("1.1", "1.2", "1.3", "1.4", "rewind 1 4 takeover", "3.2", "4.3");
        assertThat(quick.frames)
                .containsExactly(
                        "1.1",
                        "1.2",
                        "1.3",
                        "1.4",
                        "rewind 3 2 takeover",
                        "2.4",
                        "rewind 1 3 takeover",
                        "3.2",
                        "3.3",
                        "rewind 2 4 takeover",
                        "4.3");
    }

    @Test
    void a_watcher_below_the_base_gets_no_rewind() {
        run.opens(0);
        run.marks();
        run.says("a");
        var behind = client();
        behind.sees("a");
        run.says("b", "c");
        run.opens(2);
        run.marks();
        run.says("C");
        behind.sees("a", "b", "C");
        assertThat(behind.frames).containsExactly("1.1", "1.2", "2.3");
    }

    @Test
    void a_slow_watcher_holds_nobody_back_and_resumes_where_it_was() {
        run.opens(0);
        run.marks();
        var slow = client();
        var quick = client();
        run.says("a");
        slow.sees("a");
        for (int i = 0; i < 2_000; i++) {
            run.says("x" + i);
        }
        Await.until("all for the quick one", Duration.ofSeconds(5), () -> {
            quick.readsAll();
            return quick.view.size() == 2_001;
        });
        assertThat(slow.view).hasSize(1);
        slow.readsAll();
        assertThat(slow.view).isEqualTo(quick.view);
    }

    @Test
    void an_end_is_only_believed_once_postgresql_has_it() {
        run.opens(0);
        run.marks();
        run.says("a");
        run.commits();
        var client = client();
        client.sees("a");
        run.finishes();
        client.readsAll();
        assertThat(client.ended).isFalse();
        tails.hurry(run.thread);
        client.seesTheEnd();
        assertThat(client.view).containsExactly("a", "finish");
    }

    @Test
    void a_finished_run_is_shown_from_its_segments_to_whoever_comes_late() {
        run.opens(0);
        run.thinks("a", "b");
        run.finishes();
        var client = client();
        client.seesTheEnd();
        assertThat(client.view).containsExactly("a", "b", "finish");
    }

    @Test
    void a_finished_run_without_segments_gives_way_to_its_stored_message() {
        run.opens(0);
        run.thinks("a", "b");
        run.finishes();
        run.losesItsSegments();
        var client = client(new Cursor(run.id, 1, 1));
        Await.until("the stored message", Duration.ofSeconds(5), () -> {
            client.readsAll();
            return client.vanished;
        });
        assertThat(client.view).isEmpty();
    }

    @Test
    void a_cursor_resumes_exactly_after_it() {
        run.opens(0);
        run.says("a", "b", "c");
        run.commits();
        var client = client(new Cursor(run.id, 1, 2));
        client.view.addAll(List.of("a", "b"));
        client.sees("a", "b", "c");
        assertThat(client.frames).containsExactly("1.3");
    }

    @Test
    void a_cursor_of_an_overtaken_epoch_goes_back_to_what_later_epochs_kept() {
        run.opens(0);
        run.thinks("a", "b", "c");
        run.commits();
        run.opens(1);
        run.says("B");
        var client = client(new Cursor(run.id, 1, 3));
        client.view.addAll(List.of("a", "b", "c"));
        client.sees("a", "B");
        assertThat(client.frames).containsExactly("rewind 1 2 takeover", "2.2");
    }

    @Test
    void a_cursor_that_other_nodes_knew_first_is_judged_by_a_look_that_was_taken_after_it_came() {
        run.opens(0);
        run.marks();
        run.says("a");
        run.commits();
        var local = client();
        local.sees("a");
        run.opens(1);
        run.thinks("b");
        run.commits();
        var visitor = client(new Cursor(run.id, 2, 2));
        visitor.view.addAll(List.of("a", "b"));
        run.thinks("c");
        run.commits();
        tails.compare();
        visitor.sees("a", "b", "c");
        assertThat(visitor.frames).containsExactly("2.3");
    }

    @Test
    void a_cursor_of_an_epoch_that_never_was_starts_over() {
        run.opens(0);
        run.says("a");
        run.commits();
        var client = client(new Cursor(run.id, 7, 5));
        client.view.addAll(List.of("?", "?", "?", "?", "?"));
        client.sees("a");
        assertThat(client.frames).containsExactly("rewind 0 1 unknown-epoch", "1.1");
    }

    @Test
    void a_cursor_ahead_of_everything_waits_for_one_more_look_then_goes_back_to_what_is_known() {
        run.opens(0);
        run.says("a");
        run.commits();
        var client = client(new Cursor(run.id, 1, 3));
        client.view.addAll(List.of("a", "b", "c"));
        Await.until("its place", Duration.ofSeconds(5), () -> {
            client.readsAll();
            return client.reader.idx() == 3;
        });
        client.readsAll();
        assertThat(client.frames).isEmpty();
        tails.compare();
        client.sees("a");
        assertThat(client.frames).containsExactly("rewind 1 1 unknown-idx");
    }

    @Test
    void committed_watchers_see_nothing_that_a_crash_could_take_back() {
        run.opens(0);
        run.marks();
        run.says("a");
        run.commits();
        run.says("b");
        var client = new Client(Visibility.COMMITTED, From.start());
        client.sees("a");
        tails.compare();
        client.readsAll();
        assertThat(client.view).containsExactly("a");
        run.commits();
        tails.compare();
        client.sees("a", "b");
        assertThat(live.followers()).isZero();
    }

    @Test
    void postgresql_away_at_the_start_is_waited_for() {
        run.goAway();
        run.opens(0);
        run.thinks("a");
        run.commits();
        var client = client();
        client.readsAll();
        assertThat(client.view).isEmpty();
        run.comeBack();
        Await.until("a look that works", Duration.ofSeconds(5), () -> {
            tails.compare();
            client.readsAll();
            return client.view.equals(List.of("a"));
        });
    }

    @Test
    void a_signal_is_raised_when_there_is_something_to_read() throws InterruptedException {
        run.opens(0);
        run.marks();
        var client = client();
        client.sees();
        var waiting = Thread.ofVirtual().start(() -> {
            try {
                while (client.view.isEmpty()) {
                    client.signal.await();
                    client.readsAll();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        run.says("a");
        assertThat(waiting.join(Duration.ofSeconds(5))).isTrue();
        assertThat(client.view).containsExactly("a");
    }
}
