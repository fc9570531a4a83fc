package dev.continuo.health;

import dev.continuo.node.NodeId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Up as long as it can say so: nothing that is away is cured by a restart of this process. */
@Liveness
@Singleton
class LiveHealth implements HealthCheck {
    private final NodeId me;

    @Inject
    LiveHealth(NodeId me) {
        this.me = me;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("process")
                .withData("node", me.name())
                .up()
                .build();
    }
}
