package dev.continuo.attach;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.run.RunState;
import dev.continuo.stats.Stats;
import dev.continuo.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ThreadFeedTest {
    private static final Duration SOON = Duration.ofMillis(1);
    private final FakeLive live = new FakeLive();
    private final FakeThread thread = new FakeThread(live);
    private final Tails tails = new Tails(new Tails.Sources(live, thread, new Stats(), SOON));
    private final Lines lines = new Lines(thread, SOON);
    private final List<Follower> followers = new ArrayList<>();

    /** Reads its feed into short words: one per frame. */
    private final class Follower {
        private final ThreadFeed feed;
        private final List<String> heard = new ArrayList<>();

        Follower(Optional<String> cursor) {
            feed = new ThreadFeed(thread.id, "my-thread", cursor, tails, lines, thread);
            feed.begin(new Signal());
            followers.add(this);
        }

        private void listen() {
            var out = new Batch();
            Feed.Progress progress;
            do {
                progress = feed.next(out);
            } while (progress == Feed.Progress.MORE);
            if (!out.isEmpty()) {
                try {
                    out.writeTo(new ByteSink() {
                        @Override
                        public void write(byte[] bytes, int from, int to) {
                            for (var frame : new String(bytes, from, to - from, UTF_8).split("\n\n")) {
                                heard.add(brief(frame));
                            }
                        }

                        @Override
                        public void close() {}
                    });
                } catch (java.io.IOException e) {
                    throw new AssertionError(e);
                }
            }
        }

        void hears(String... frames) {
            listenFor(frames.length);
            assertThat(heard).containsExactly(frames);
            heard.clear();
        }

        /** What is told of another run does not wait for the records of this one, nor they for it. */
        void hears(List<String> frames, String ofAnother) {
            listenFor(frames.size() + 1);
            assertThat(heard).contains(ofAnother);
            heard.remove(ofAnother);
            assertThat(heard).isEqualTo(frames);
            heard.clear();
        }

        private void listenFor(int frames) {
            try {
                Await.until("heard", Duration.ofSeconds(3), () -> {
                    lines.compare();
                    tails.compare();
                    listen();
                    return heard.size() >= frames;
                });
            } catch (AssertionError tooFew) {
                // The caller says what is missing.
            }
        }
    }

    /** {@code id event data}, with the runs by number and without what never changes. */
    private static String brief(String frame) {
        return frame.replace("00000000-0000-0007-0000-00000000000", "r")
                .replace("00000000-0000-0007-0000-0000000000", "r")
                .replaceAll("id: (\\S+)\ndata: \\{\"t\":\"(.*)\"}", "$1 $2")
                .replaceAll("event: (\\S+)\nid: (\\S+)\ndata: ", "$2 $1 ")
                .replaceAll("event: (\\S+)\ndata: ", "$1 ")
                .replaceAll("(terminal ).*\"state\":\"(\\w+)\".*", "$1$2")
                .replaceAll("[\"{}]", "")
                .replaceAll("run:(r\\d+),?", "$1 ")
                .strip();
    }

    private Follower follower() {
        return new Follower(Optional.empty());
    }

    private Follower follower(String cursor) {
        return new Follower(Optional.of(cursor));
    }

    private static String at(FakeRun run, String rest) {
        return run.id + "." + rest;
    }

    @AfterEach
    void nothing_is_left() {
        followers.forEach(f -> f.feed.close());
        tails.sweep();
        tails.sweep();
        lines.sweep();
        lines.sweep();
        assertThat(tails.size()).isZero();
        assertThat(lines.size()).isZero();
        assertThat(live.followers()).isZero();
    }

    @Test
    void an_idle_thread_opens_at_the_end_of_its_last_run() {
        follower().hears("0 open thread:my-thread,run:null");
        thread.completes("a");
        follower().hears("r1.1.end open thread:my-thread,run:null");
    }

    @Test
    void a_run_is_followed_from_its_acceptance_to_its_end_and_the_next_one_after_it() {
        var follower = follower();
        follower.hears("0 open thread:my-thread,run:null");
        var first = thread.accepts();
        follower.hears("message r1 message:question:1,state:queued,position:0");
        thread.claims(first);
        follower.hears("state r1 state:running");
        first.says("a", "b");
        follower.hears("r1.1.1 a", "r1.1.2 b");
        var second = thread.accepts();
        follower.hears("message r2 message:question:2,state:queued,position:1");
        thread.completes(first);
        follower.hears(List.of("r1.1.3 finish", "r1.1.end terminal completed"), "state r2 state:queued,position:0");
        thread.claims(second);
        second.says("c");
        follower.hears("state r2 state:running", "r2.1.1 c");
    }

    @Test
    void a_run_in_flight_is_replayed_instead_of_open() {
        thread.completes("a");
        var second = thread.accepts();
        thread.claims(second);
        second.says("b");
        follower().hears("id: r1.1.end", "message r2 message:question:2,state:running", "r2.1.1 b");
    }

    @Test
    void a_cursor_gets_the_rest_of_its_run_then_what_was_stored_since_then_what_is_in_flight() {
        var first = thread.completes("a", "b");
        thread.completes("c");
        var third = thread.accepts();
        thread.claims(third);
        third.says("d");
        follower(at(first, "1.1"))
                .hears(
                        "message r3 message:question:3,state:running",
                        "r1.1.2 b",
                        "r1.1.3 finish",
                        "r1.1.end terminal completed",
                        "message r2 message:question:2,state:completed",
                        "r2.1.2 snapshot r2 message:answer:2",
                        "r2.1.end terminal completed",
                        "r3.1.1 d");
        follower(at(first, "1.end"))
                .hears(
                        "message r3 message:question:3,state:running",
                        "message r2 message:question:2,state:completed",
                        "r2.1.2 snapshot r2 message:answer:2",
                        "r2.1.end terminal completed",
                        "r3.1.1 d");
    }

    @Test
    void a_cursor_at_the_end_of_everything_hears_only_what_comes() {
        var first = thread.completes("a");
        var follower = follower(at(first, "1.end"));
        var second = thread.accepts();
        follower.hears("message r2 message:question:2,state:queued,position:0");
        thread.claims(second);
        second.says("b");
        follower.hears("state r2 state:running", "r2.1.1 b");
    }

    @Test
    void zero_is_the_beginning() {
        thread.completes("a");
        follower("0")
                .hears(
                        "message r1 message:question:1,state:completed",
                        "r1.1.2 snapshot r1 message:answer:1",
                        "r1.1.end terminal completed");
    }

    @Test
    void an_unreadable_or_foreign_cursor_is_reset() {
        thread.completes("a");
        follower("nonsense").hears("r1.1.end reset thread:my-thread");
        follower("00000000-0000-0000-0000-000000000009.1.4").hears("r1.1.end reset thread:my-thread");
    }

    @Test
    void more_than_fifty_runs_behind_is_reset_and_goes_on_from_there() {
        var first = thread.completes("a");
        for (int i = 0; i < 51; i++) {
            thread.completes("x");
        }
        var follower = follower(at(first, "1.end"));
        follower.hears("r34.1.end reset thread:my-thread");
        var next = thread.accepts();
        thread.claims(next);
        next.says("y");
        follower.hears("message r35 message:question:53,state:running", "r35.1.1 y");
    }

    @Test
    void a_run_that_is_cancelled_in_the_queue_shows_only_as_a_state() {
        var follower = follower();
        follower.hears("0 open thread:my-thread,run:null");
        var run = thread.accepts();
        follower.hears("message r1 message:question:1,state:queued,position:0");
        run.isCancelledInTheQueue();
        thread.is(run, RunState.CANCELLED);
        follower.hears("state r1 state:cancelled");
        var next = thread.accepts();
        thread.claims(next);
        next.says("b");
        follower.hears("message r2 message:question:2,state:running", "r2.1.1 b");
    }

    @Test
    void a_further_attempt_is_retrying_until_its_first_record() {
        var run = thread.accepts();
        thread.claims(run);
        run.says("a");
        run.commits();
        var follower = follower();
        follower.hears("id: 0", "message r1 message:question:1,state:running", "r1.1.1 a");
        thread.isTriedAgain(run);
        run.opens(1);
        follower.hears("state r1 state:retrying");
        run.says("b");
        follower.hears("state r1 state:running", "r1.2.2 b");
        follower.listen();
        assertThat(follower.heard).isEmpty();
    }

    @Test
    void a_run_that_asks_still_asks_while_its_past_is_shown_and_runs_under_its_next_epoch() {
        var run = thread.accepts();
        thread.claims(run);
        run.says("a");
        run.commits();
        thread.is(run, RunState.PAUSED);
        var follower = follower();
        follower.hears("id: 0", "message r1 message:question:1,state:requires_action", "r1.1.1 a");
        follower.listen();
        assertThat(follower.heard).isEmpty();
        thread.is(run, RunState.RUNNING);
        run.opens(1);
        run.marks();
        run.says("b");
        follower.hears("state r1 state:running", "r1.2.2 b");
    }

    @Test
    void a_takeover_with_another_text_is_one_rewind() {
        var run = thread.accepts();
        thread.claims(run);
        run.says("a", "b");
        var follower = follower();
        follower.hears("id: 0", "message r1 message:question:1,state:running", "r1.1.1 a", "r1.1.2 b");
        run.opens(1);
        run.marks();
        run.says("B");
        follower.hears("r1.2.1 rewind r1 to:1,reason:takeover", "r1.2.2 B");
    }
}
