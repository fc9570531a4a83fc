package dev.continuo.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.continuo.identity.Caller;
import dev.continuo.identity.Role;
import dev.continuo.stats.Stats;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.ManualClock;
import dev.continuo.web.Limits;
import dev.continuo.web.Problem;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WatchersTest {
    private static final String BEGINNING = ": keepalive\n\nretry: 1500\n\n";

    private final AtomicLong nanos = new AtomicLong();
    private final Stats stats = new Stats();
    private final ManualClock clock = new ManualClock();
    private final Watchers watchers = new Watchers(Limits.defaults(), nanos::get, clock, stats);
    private final Caller caller = new Caller(UUID.randomUUID(), "ann", Role.MEMBER, Set.of(), Optional.empty());
    private volatile boolean allowed = true;

    /** Says what a test gives it. */
    private static final class Script implements Feed {
        final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
        volatile Signal signal;
        volatile boolean end;
        volatile boolean closed;

        void say(String frame) {
            lines.add(frame);
            signal.raise();
        }

        void end() {
            end = true;
            signal.raise();
        }

        @Override
        public void begin(Signal mine) {
            signal = mine;
        }

        @Override
        public Progress next(Batch out) {
            if (end) {
                return Progress.END;
            }
            var line = lines.poll();
            if (line == null) {
                return Progress.IDLE;
            }
            if (line.equals("break")) {
                out.add("half a frame".getBytes(java.nio.charset.StandardCharsets.UTF_8));
                throw new IllegalStateException("a feed broke");
            }
            out.add(line.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return Progress.MORE;
        }

        @Override
        public void farewell(Batch out, Duration after) {
            out.add(Frames.reconnect(after));
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private record Stream(FakeSink sink, Script feed) {
        void has(String text) {
            Await.until(text + " but has " + sink.text(), Duration.ofSeconds(5), () -> sink.text()
                    .equals(text));
        }

        void isOver() {
            Await.until("its end", Duration.ofSeconds(5), () -> sink.closed() && feed.closed);
        }
    }

    private Stream open() {
        return open(caller);
    }

    private Stream open(Optional<UUID> key) {
        return open(new Caller(UUID.randomUUID(), "ann", Role.MEMBER, Set.of(), key));
    }

    private Stream open(Caller who) {
        var stream = new Stream(new FakeSink(), new Script());
        watchers.open(stream.sink(), who, stream.feed(), () -> allowed);
        Await.until("a signal", Duration.ofSeconds(5), () -> stream.feed().signal != null);
        return stream;
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
        watchers.tick();
    }

    @Test
    void a_stream_says_what_its_feed_says_and_ends_with_it() {
        var stream = open();
        stream.has(BEGINNING);
        stream.feed().say("id: 1\n\n");
        stream.has(BEGINNING + "id: 1\n\n");
        stream.feed().end();
        stream.isOver();
        Await.until("nothing is left", Duration.ofSeconds(5), () -> watchers.size() == 0);
        assertThat(stats.watchers().sum()).isZero();
    }

    @Test
    void a_silent_stream_gets_a_comment_every_ten_seconds() {
        var stream = open();
        stream.has(BEGINNING);
        pass(Duration.ofSeconds(9));
        pass(Duration.ofSeconds(1));
        stream.has(BEGINNING + ": keepalive\n\n");
        pass(Duration.ofSeconds(5));
        stream.feed().say("id: 1\n\n");
        stream.has(BEGINNING + ": keepalive\n\nid: 1\n\n");
        pass(Duration.ofSeconds(9));
        pass(Duration.ofSeconds(1));
        stream.has(BEGINNING + ": keepalive\n\nid: 1\n\n: keepalive\n\n");
    }

    @Test
    void a_client_that_does_not_read_disturbs_nobody() {
        var stalled = open();
        stalled.has(BEGINNING);
        var others = new ArrayList<Stream>();
        for (int i = 0; i < 5; i++) {
            others.add(open());
        }
        stalled.sink().stall();
        stalled.feed().say("id: 1\n\n");
        for (var other : others) {
            other.feed().say("id: 1\n\n");
            other.has(BEGINNING + "id: 1\n\n");
        }
        assertThat(stalled.sink().text()).isEqualTo(BEGINNING);
        stalled.sink().goOn();
        stalled.has(BEGINNING + "id: 1\n\n");
    }

    @Test
    void a_client_that_stalled_for_too_long_is_cut_and_counted() {
        var stream = open();
        stream.has(BEGINNING);
        stream.sink().goAway(new IOException(new SocketTimeoutException("no room to write")));
        stream.feed().say("id: 1\n\n");
        stream.isOver();
        Await.until(
                "counted", Duration.ofSeconds(5), () -> stats.slowWatchersCut().sum() == 1);
    }

    @Test
    void a_client_that_left_is_not_counted_as_slow() {
        var stream = open();
        stream.sink().goAway(new IOException("reset by peer"));
        stream.feed().say("id: 1\n\n");
        stream.isOver();
        Await.until("nothing is left", Duration.ofSeconds(5), () -> watchers.size() == 0);
        assertThat(stats.slowWatchersCut().sum()).isZero();
    }

    @Test
    void whoever_loses_the_right_to_watch_is_cut_within_a_minute() {
        var stream = open();
        pass(Duration.ofSeconds(61));
        stream.has(BEGINNING + ": keepalive\n\n");
        allowed = false;
        pass(Duration.ofSeconds(61));
        stream.isOver();
        assertThat(stream.sink().text())
                .isEqualTo(BEGINNING + ": keepalive\n\n" + "event: reconnect\ndata: {\"afterMs\":0}\n\n");
    }

    @Test
    void the_streams_of_a_revoked_key_end_at_once_and_no_others() {
        var key = UUID.randomUUID();
        var mine = open(Optional.of(key));
        var other = open(Optional.of(UUID.randomUUID()));
        mine.has(BEGINNING);
        other.has(BEGINNING);
        watchers.recheck(key);
        other.feed().say("id: 1\n\n");
        other.has(BEGINNING + "id: 1\n\n");
        mine.feed().say("id: 1\n\n");
        mine.has(BEGINNING + "id: 1\n\n");
        allowed = false;
        watchers.recheck(key);
        mine.isOver();
        assertThat(mine.sink().text()).isEqualTo(BEGINNING + "id: 1\n\nevent: reconnect\ndata: {\"afterMs\":0}\n\n");
        other.feed().say("id: 2\n\n");
        other.has(BEGINNING + "id: 1\n\nid: 2\n\n");
    }

    @Test
    void a_stream_lives_no_longer_than_what_its_caller_came_with() {
        var until = clock.instant().plusSeconds(7);
        var brief = new Caller(UUID.randomUUID(), "ann", Role.MEMBER, Set.of(), Optional.empty(), Optional.of(until));
        var stream = new Stream(new FakeSink(), new Script());
        watchers.open(stream.sink(), brief, stream.feed(), () -> true);
        stream.has(BEGINNING);
        pass(Duration.ofSeconds(6));
        stream.has(BEGINNING);
        pass(Duration.ofSeconds(1));
        stream.isOver();
        assertThat(stream.sink().text()).startsWith(BEGINNING + "event: reconnect\n");
    }

    @Test
    void a_life_ends_with_the_request_to_reconnect() {
        var stream = open();
        pass(Duration.ofMinutes(34));
        stream.isOver();
        stream.has(BEGINNING + "event: reconnect\ndata: {\"afterMs\":0}\n\n");
    }

    @Test
    void a_drain_asks_everybody_to_come_back_each_at_a_moment_of_its_own() {
        var streams = List.of(open(), open(), open());
        watchers.drain(Duration.ofMillis(500));
        streams.forEach(Stream::isOver);
        var late = open();
        late.isOver();
        for (var stream : List.of(streams.get(0), streams.get(1), streams.get(2), late)) {
            assertThat(stream.sink().text())
                    .matches("(?s)" + BEGINNING + "event: reconnect\ndata: .\"afterMs\":[0-9]+}\n\n");
        }
    }

    @Test
    void a_broken_feed_ends_its_own_stream_only_and_not_as_if_that_were_whole() {
        var broken = open();
        var other = open();
        broken.feed().say("break");
        broken.isOver();
        assertThat(broken.sink().text())
                .matches("(?s)" + BEGINNING + "event: reconnect\ndata: .\"afterMs\":[0-9]+}\n\n");
        other.feed().say("id: 1\n\n");
        other.has(BEGINNING + "id: 1\n\n");
    }

    @Test
    void more_streams_than_a_user_may_have_are_refused_until_one_ends() {
        var streams = new ArrayList<Stream>();
        for (int i = 0; i < Limits.defaults().streamsPerUser(); i++) {
            streams.add(open());
        }
        assertThatThrownBy(this::open).isInstanceOfSatisfying(Problem.class, p -> {
            assertThat(p.status()).isEqualTo(429);
            assertThat(p.code()).isEqualTo("too_many_streams");
        });
        streams.getFirst().feed().end();
        streams.getFirst().isOver();
        Await.until("room", Duration.ofSeconds(5), () -> watchers.size() == streams.size() - 1);
        open();
    }
}
