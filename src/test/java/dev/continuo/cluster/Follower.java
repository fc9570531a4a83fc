package dev.continuo.cluster;

import dev.continuo.testkit.Await;
import dev.continuo.testkit.Cluster;
import dev.continuo.testkit.LibertyNode;
import dev.continuo.testkit.SseClient;
import dev.continuo.testkit.SseEvent;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** One that watches a run to its end: where its node dies it comes back on another with its cursor, as EventSource does. */
final class Follower implements AutoCloseable {
    private final Cluster cluster;
    private final Predicate<SseEvent> isEnd;
    private final List<SseClient> streams = new CopyOnWriteArrayList<>();
    private final Thread thread;

    /** @param path of an attach stream that shows the run */
    Follower(Cluster cluster, LibertyNode first, String path, String run) {
        this.cluster = cluster;
        this.isEnd = Scene.isTerminalOf(run);
        streams.add(cluster.api(first).stream(path, Map.of()));
        thread = Thread.ofVirtual().name("follower").start(this::follow);
    }

    private void follow() {
        var last = streams.getLast();
        last.awaitEnd(Scene.SOON.multipliedBy(5));
        while (!hasEnded() && last.ending() != SseClient.Ending.CUT) {
            last = again(last);
            streams.add(last);
            last.awaitEnd(Scene.SOON.multipliedBy(5));
        }
    }

    private SseClient again(SseClient last) {
        var opened = new SseClient[1];
        Await.until("a node takes the follower back", Scene.SOON.multipliedBy(5), () -> {
            var ready = cluster.nodes().stream().filter(LibertyNode::ready).findAny();
            try {
                ready.ifPresent(node -> opened[0] = last.resumeOn(node.url()));
            } catch (UncheckedIOException e) {
                return false;
            }
            return opened[0] != null;
        });
        return opened[0];
    }

    /** Over all its streams, one after the other. */
    List<SseEvent> events() {
        return streams.stream().flatMap(s -> s.events().stream()).toList();
    }

    void await(String what, Predicate<SseEvent> fact) {
        try {
            Await.until(
                    what, Scene.SOON.multipliedBy(2), () -> events().stream().anyMatch(fact));
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; " + this, e);
        }
    }

    private boolean hasEnded() {
        return events().stream().anyMatch(isEnd);
    }

    void awaitEnd() {
        await("the end", isEnd);
    }

    int streams() {
        return streams.size();
    }

    @Override
    public String toString() {
        return streams.stream()
                .map(s -> s.url() + " " + (s.answered() ? s.status() : "-") + " " + s.ending() + " "
                        + s.events().size() + " events to " + s.lastEventId())
                .collect(Collectors.joining(", then "));
    }

    @Override
    public void close() {
        streams.forEach(SseClient::close);
        thread.interrupt();
    }
}
