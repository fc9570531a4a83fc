package dev.continuo.attach;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.continuo.identity.Caller;
import dev.continuo.identity.Role;
import dev.continuo.stats.Stats;
import dev.continuo.testkit.Await;
import dev.continuo.web.Limits;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What one more watcher costs, counted and not timed: a copy or an encoding per watcher, or a thread, breaks a bound. */
class CostOfWatchingTest {
    private static final int WATCHERS = 100;
    private static final int EVENTS = 300;
    private static final int WORD = 400;
    /** A list of one frame and the reading that holds it; one copy of the frame is 500 more. */
    private static final double BYTES_PER_EVENT = 250;

    private final Stats stats = new Stats();
    private final FakeLive live = new FakeLive();
    private final FakeRun run = new FakeRun(live);
    private final Tails tails = new Tails(new Tails.Sources(live, run, stats, Duration.ofMillis(5)));
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final class Counting implements ByteSink {
        private long bytes;

        @Override
        public void write(byte[] b, int from, int to) {
            bytes += to - from;
        }

        @Override
        public void close() {}
    }

    @Test
    void an_event_is_encoded_once_and_handed_to_each_watcher_without_a_copy() throws Exception {
        run.opens(0);
        List<TailReader> readers = new ArrayList<>();
        for (int i = 0; i < WATCHERS; i++) {
            readers.add(tails.read(run.thread, run.id, Visibility.LIVE, From.start(), new Signal()));
        }
        Await.until("the tail has looked", Duration.ofSeconds(5), () -> readers.getFirst()
                .view()
                .ready());
        var sink = new Counting();
        var batch = new Batch();
        run.says("warm");
        readers.forEach(r -> r.poll());
        long allocated = 0;
        for (int i = 0; i < EVENTS; i++) {
            run.says("x".repeat(WORD));
            long before = threads.getCurrentThreadAllocatedBytes();
            for (var reader : readers) {
                if (reader.poll() instanceof Reading.Records(var frames)) {
                    for (var frame : frames) {
                        batch.add(frame);
                    }
                    batch.writeTo(sink);
                }
            }
            allocated += threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(sink.bytes).isGreaterThan((long) WATCHERS * EVENTS * WORD);
        assertThat(allocated / (double) (WATCHERS * EVENTS))
                .as("bytes allocated per delivered event")
                .isLessThan(BYTES_PER_EVENT);
        assertThat(live.followers()).as("subscriptions").isEqualTo(1);
        assertThat(stats.tails().sum()).as("tails").isEqualTo(1);
        readers.forEach(TailReader::close);
    }

    @Test
    void a_watcher_that_waits_holds_no_thread_of_the_system() {
        var watchers = new Watchers(Limits.defaults().off(), System::nanoTime, java.time.Clock.systemUTC(), stats);
        var caller = new Caller(UUID.randomUUID(), "ann", Role.MEMBER, Set.of(), Optional.empty());
        List<FakeSink> sinks = new ArrayList<>();
        int before = threads.getThreadCount();
        for (int i = 0; i < 500; i++) {
            var sink = new FakeSink();
            sinks.add(sink);
            var feed =
                    new RunFeed(signal -> tails.read(run.thread, run.id, Visibility.LIVE, From.start(), signal), null);
            watchers.open(sink, caller, feed, () -> true);
        }
        Await.until("all streams are open", Duration.ofSeconds(10), () -> sinks.stream()
                .allMatch(s -> s.writes() >= 2));
        assertThat(threads.getThreadCount() - before)
                .as("threads of the system for 500 watchers")
                .isLessThan(Runtime.getRuntime().availableProcessors() + 8);
        assertThat(live.followers()).as("subscriptions").isLessThanOrEqualTo(1);
        watchers.drain(Duration.ZERO);
        Await.until("all have left", Duration.ofSeconds(10), () -> watchers.size() == 0);
    }
}
