package dev.continuo.testkit;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the stream hands to the subscribers of all runs, with the moment of its arrival: markers can be seen nowhere else. */
public final class LiveTap implements AutoCloseable {
    private final Connection connection;
    private final List<Seen> all = new CopyOnWriteArrayList<>();

    /**
     * @param at {@code System.nanoTime()} of this JVM
     * @param count 0 for a marker
     */
    public record Seen(String run, long epoch, int first, int count, long at) {
        public boolean isMarker() {
            return count == 0;
        }
    }

    private LiveTap(Connection connection) {
        this.connection = connection;
    }

    public static LiveTap on(String url) {
        try {
            var connection = Nats.connect(new Options.Builder()
                    .servers(url.split(","))
                    .maxReconnects(-1)
                    .reconnectWait(Duration.ofMillis(100))
                    .build());
            var tap = new LiveTap(connection);
            connection.createDispatcher(tap::take).subscribe("continuo.live.*.*");
            connection.flush(Duration.ofSeconds(5));
            return tap;
        } catch (IOException | java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException("cannot listen at " + url, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void take(Message message) {
        var headers = message.getHeaders();
        all.add(new Seen(
                message.getSubject().substring(message.getSubject().lastIndexOf('.') + 1),
                Long.parseLong(headers.getFirst("Continuo-Epoch")),
                Integer.parseInt(headers.getFirst("Continuo-First")),
                Integer.parseInt(headers.getFirst("Continuo-Count")),
                System.nanoTime()));
    }

    public List<Seen> of(String run) {
        return all.stream().filter(s -> s.run().equals(run)).toList();
    }

    public Seen awaitMarker(String run, long epoch, Duration atMost) {
        Await.until("the marker of epoch " + epoch + " of " + run, atMost, () -> marker(run, epoch) != null);
        return marker(run, epoch);
    }

    private Seen marker(String run, long epoch) {
        return of(run).stream()
                .filter(s -> s.isMarker() && s.epoch() == epoch)
                .findFirst()
                .orElse(null);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
