package dev.continuo.health;

import dev.continuo.node.Lease;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Started with its first lease: by then the schema is there and runs can be claimed. */
@Startup
@Singleton
class StartedHealth implements HealthCheck {
    private final Lease lease;

    @Inject
    StartedHealth(Lease lease) {
        this.lease = lease;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("lease").status(lease.everRenewed()).build();
    }
}
