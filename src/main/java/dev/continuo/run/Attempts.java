package dev.continuo.run;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import org.jdbi.v3.core.Jdbi;

/** The limit of attempts is per step: a finished step begins a new count. */
@ApplicationScoped
public class Attempts {
    private final Jdbi jdbi;

    @Inject
    public Attempts(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    protected Attempts() {
        this(null);
    }

    /** Whether the run is still the caller's. */
    @Transactional
    public boolean stepFinished(Fence fence) {
        return jdbi.withHandle(h -> h.createUpdate("""
                        update runs set attempt = 1, tries = 0
                        where run_id = :run and epoch = :epoch and claim_id = :claimId and state = 'RUNNING'""").bindMethods(fence).execute()) == 1;
    }
}
