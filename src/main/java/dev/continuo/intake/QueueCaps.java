package dev.continuo.intake;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** How much may wait. Both are checked under the thread's lock, so an organisation may exceed its cap by a few. */
@Singleton
public class QueueCaps {
    static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final int perThread;
    private final int perOrganisation;

    @Inject
    public QueueCaps(
            @ConfigProperty(name = "continuo.queue.per-thread") int perThread,
            @ConfigProperty(name = "continuo.queue.per-organisation") int perOrganisation) {
        this.perThread = perThread;
        this.perOrganisation = perOrganisation;
    }

    int perThread() {
        return perThread;
    }

    int perOrganisation() {
        return perOrganisation;
    }
}
