package dev.continuo.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.testkit.Await;
import dev.continuo.testkit.Ports;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class HintsIT {
    private static final Duration SOON = Duration.ofSeconds(5);

    /** A node that writes down what it hears. */
    private record Node(NatsConnections connections, Hints hints, List<String> heard) implements AutoCloseable {
        static Node at(String url) {
            var connections = NatsConnections.to(url);
            var hints = new Hints(connections);
            var heard = new CopyOnWriteArrayList<String>();
            hints.onLookNow(() -> heard.add("look"));
            hints.onCancelRequested(run -> heard.add("cancel " + run));
            hints.onKeyRevoked(key -> heard.add("key " + key));
            hints.onThreadChanged((org, thread) -> heard.add("thread " + org + " " + thread));
            return new Node(connections, hints, heard);
        }

        @Override
        public void close() {
            connections.close();
        }
    }

    @Test
    void a_hint_is_heard_here_at_once_and_elsewhere_soon_and_once() {
        var url = dev.continuo.testkit.Nats.shared().url();
        try (var here = Node.at(url);
                var there = Node.at(url)) {
            Await.until("the other node hears", SOON, () -> {
                here.hints().lookNow();
                return !there.heard().isEmpty();
            });
            here.heard().clear();
            Await.until("early hints have arrived", SOON, () -> settled(here, there));
            there.heard().clear();
            var org = UUID.randomUUID();
            var thread = UUID.randomUUID();
            here.hints().cancelRequested(thread);
            here.hints().threadChanged(org, thread);
            here.hints().keyRevoked(org);
            assertThat(here.heard()).containsExactly("cancel " + thread, "thread " + org + " " + thread, "key " + org);
            Await.until("the other node hears all", SOON, () -> there.heard().size() == 3);
            there.hints().lookNow();
            Await.until("and answers", SOON, () -> here.heard().contains("look"));
            assertThat(here.heard())
                    .containsExactly("cancel " + thread, "thread " + org + " " + thread, "key " + org, "look");
            assertThat(there.heard())
                    .containsExactly("cancel " + thread, "thread " + org + " " + thread, "key " + org, "look");
        }
    }

    private static boolean settled(Node here, Node there) {
        var mark = UUID.randomUUID();
        here.hints().cancelRequested(mark);
        here.heard().clear();
        Await.until("the mark", SOON, () -> there.heard().contains("cancel " + mark));
        return true;
    }

    @Test
    void without_nats_a_hint_is_heard_here_and_counted_as_dropped() {
        try (var here = Node.at("nats://127.0.0.1:" + Ports.free())) {
            here.hints().lookNow();
            assertThat(here.heard()).containsExactly("look");
            assertThat(here.connections().state().hintsDropped()).isEqualTo(1);
        }
    }

    @Test
    void an_unreadable_hint_and_a_failing_listener_harm_nobody() {
        var url = dev.continuo.testkit.Nats.shared().url();
        try (var here = Node.at(url);
                var there = Node.at(url)) {
            there.hints().onCancelRequested(_ -> {
                throw new IllegalStateException("a listener's mistake");
            });
            Await.until("the other node hears", SOON, () -> {
                here.hints().lookNow();
                return !there.heard().isEmpty();
            });
            var connection = here.connections().producers().connection().orElseThrow();
            for (var text : List.of("", "*", ">", "a.b", "\r\n", "%2e", "no-uuid")) {
                connection.publish(Subjects.CANCEL, text.getBytes());
                connection.publish(Subjects.KEY, text.getBytes());
                connection.publish(Subjects.THREAD, text.getBytes());
            }
            var run = UUID.randomUUID();
            here.hints().cancelRequested(run);
            Await.until("the good hint", SOON, () -> there.heard().contains("cancel " + run));
            assertThat(there.heard()).allMatch(h -> h.equals("look") || h.equals("cancel " + run));
        }
    }
}
