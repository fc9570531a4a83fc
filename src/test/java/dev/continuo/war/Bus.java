package dev.continuo.war;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Subscription;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Everything that is said on the broker, from now on. */
final class Bus implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(30);
    private final Connection connection;
    private final Subscription all;

    Bus() {
        try {
            connection = Nats.connect(dev.continuo.testkit.Nats.shared().url());
            all = connection.subscribe(">");
            connection.flush(SOON);
        } catch (IOException | java.util.concurrent.TimeoutException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** What was said before the first message of which this is true. */
    List<String> before(Predicate<Message> mark) {
        var said = new ArrayList<String>();
        try {
            while (true) {
                var message = all.nextMessage(SOON);
                if (message == null) {
                    throw new AssertionError("waited in vain for the mark, after " + said);
                }
                if (mark.test(message)) {
                    return said;
                }
                said.add(message.getSubject());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
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
