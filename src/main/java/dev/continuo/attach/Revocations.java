package dev.continuo.attach;

import dev.continuo.nats.Hints;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Where a hint says so, the streams of a revoked key end at once; without it at their next check, in a minute at most. */
@Singleton
public class Revocations {
    @Inject
    Revocations(Hints hints, Watchers watchers) {
        hints.onKeyRevoked(watchers::recheck);
    }

    /** Makes the container create this at start. */
    void start(@Observes @Initialized(ApplicationScoped.class) Object application) {}
}
