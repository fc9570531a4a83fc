package dev.continuo.nats;

import io.nats.client.Connection;
import io.nats.client.Message;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Says "look now" to this node at once and to the others over NATS core. Best effort: a lost hint costs latency, never
 * correctness, so nothing here throws. Listeners run on the thread of whoever gives the hint and must not block.
 */
@Singleton
public final class Hints {
    private final Link link;
    private final NatsFacts facts;
    private final List<Runnable> lookNow = new CopyOnWriteArrayList<>();
    private final List<Consumer<UUID>> cancelRequested = new CopyOnWriteArrayList<>();
    private final List<BiConsumer<UUID, UUID>> threadChanged = new CopyOnWriteArrayList<>();
    private final List<Consumer<UUID>> keyRevoked = new CopyOnWriteArrayList<>();
    private Connection subscribed;

    @Inject
    public Hints(NatsConnections connections) {
        this.link = connections.producers();
        this.facts = connections.facts();
        link.onUp(this::subscribe);
    }

    /** Makes the container create this at start: hints of other nodes are heard before the first one is given. */
    void start(@Observes @Initialized(ApplicationScoped.class) Object application) {}

    /** Some run became READY. */
    public void lookNow() {
        tellLookNow();
        publish(Subjects.LOOK_NOW, "");
    }

    /** The owner of the run should look at its row. */
    public void cancelRequested(UUID run) {
        tellCancelRequested(run);
        publish(Subjects.CANCEL, run.toString());
    }

    /** A run of the thread was accepted, changed its state or ended. */
    public void threadChanged(UUID org, UUID thread) {
        tellThreadChanged(org, thread);
        publish(Subjects.THREAD, org + " " + thread);
    }

    /** Whoever came with this API key may not be here any more. */
    public void keyRevoked(UUID key) {
        tellKeyRevoked(key);
        publish(Subjects.KEY, key.toString());
    }

    public void onLookNow(Runnable listener) {
        lookNow.add(listener);
    }

    public void onCancelRequested(Consumer<UUID> listener) {
        cancelRequested.add(listener);
    }

    public void onThreadChanged(BiConsumer<UUID, UUID> listener) {
        threadChanged.add(listener);
    }

    public void onKeyRevoked(Consumer<UUID> listener) {
        keyRevoked.add(listener);
    }

    private void publish(String subject, String text) {
        try {
            link.connection()
                    .ifPresentOrElse(
                            c -> c.publish(subject, text.getBytes(StandardCharsets.UTF_8)), facts::hintDropped);
        } catch (RuntimeException e) {
            facts.hintDropped();
            facts.failed("a hint was not sent", e, "other nodes find out by looking");
        }
    }

    /** The connection does not echo, so these are the hints of the other nodes only. */
    private synchronized void subscribe(Connection connection) {
        if (connection == subscribed) {
            return;
        }
        var dispatcher = connection.createDispatcher();
        dispatcher.subscribe(Subjects.LOOK_NOW, m -> heard(m, _ -> tellLookNow()));
        dispatcher.subscribe(Subjects.CANCEL, m -> heard(m, text -> tellCancelRequested(UUID.fromString(text))));
        dispatcher.subscribe(Subjects.KEY, m -> heard(m, text -> tellKeyRevoked(UUID.fromString(text))));
        dispatcher.subscribe(
                Subjects.THREAD,
                m -> heard(m, text -> {
                    int space = text.indexOf(' ');
                    tellThreadChanged(
                            UUID.fromString(text.substring(0, space)), UUID.fromString(text.substring(space + 1)));
                }));
        subscribed = connection;
    }

    private void heard(Message message, Consumer<String> then) {
        try {
            then.accept(new String(message.getData(), StandardCharsets.UTF_8));
        } catch (RuntimeException e) {
            facts.failed("a hint was unreadable", e, "it is ignored");
        }
    }

    private void tellLookNow() {
        lookNow.forEach(l -> safely(l));
    }

    private void tellCancelRequested(UUID run) {
        cancelRequested.forEach(l -> safely(() -> l.accept(run)));
    }

    private void tellThreadChanged(UUID org, UUID thread) {
        threadChanged.forEach(l -> safely(() -> l.accept(org, thread)));
    }

    private void tellKeyRevoked(UUID key) {
        keyRevoked.forEach(l -> safely(() -> l.accept(key)));
    }

    private void safely(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException e) {
            facts.failed("a listener of hints failed", e, "it finds out by looking");
        }
    }
}
