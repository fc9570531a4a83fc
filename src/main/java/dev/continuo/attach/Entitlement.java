package dev.continuo.attach;

import static java.lang.System.Logger.Level.DEBUG;

import dev.continuo.identity.ApiKeys;
import dev.continuo.identity.Caller;
import dev.continuo.thread.Reach;
import dev.continuo.thread.ThreadRow;
import dev.continuo.thread.Threads;
import dev.continuo.thread.Viewer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** Who may watch a thread, asked when a stream opens and again while it lives. */
@Singleton
public class Entitlement {
    private static final System.Logger LOG = System.getLogger(Entitlement.class.getName());

    private final Threads threads;
    private final ApiKeys keys;

    @Inject
    public Entitlement(Threads threads, ApiKeys keys) {
        this.threads = threads;
        this.keys = keys;
    }

    public static Viewer viewer(Caller caller) {
        return new Viewer(caller.org(), caller.subject(), caller.readsAll() ? Reach.ORGANISATION : Reach.OWN);
    }

    /** By our id or by the client's. */
    public Optional<ThreadRow> find(Caller caller, String thread) {
        return threads.find(viewer(caller), thread);
    }

    /** For {@link Watchers#open}. While PostgreSQL is away nobody loses a stream for that. */
    public BooleanSupplier during(Caller caller, UUID thread) {
        return () -> holds(() ->
                keys.stillGood(caller) && threads.find(viewer(caller), thread).isPresent());
    }

    /** The same for a stream that is not about one thread. */
    public BooleanSupplier during(Caller caller) {
        return () -> holds(() -> keys.stillGood(caller));
    }

    private static boolean holds(BooleanSupplier asked) {
        try {
            return asked.getAsBoolean();
        } catch (RuntimeException e) {
            LOG.log(DEBUG, "cannot check a watcher's right now; it is checked again in a minute", e);
            return true;
        }
    }
}
