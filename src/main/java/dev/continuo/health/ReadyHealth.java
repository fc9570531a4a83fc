package dev.continuo.health;

import dev.continuo.nats.NatsConnections;
import dev.continuo.node.Lease;
import dev.continuo.node.NodeState;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready while it stays, its lease subsystem runs, and PostgreSQL was seen within {@link Lease#SILENCE}: a shorter outage
 * would otherwise end every stream at the balancer. NATS is shown and not required.
 */
@Readiness
@Singleton
class ReadyHealth implements HealthCheck {
    private final NodeState state;
    private final Lease lease;
    private final NatsConnections nats;

    @Inject
    ReadyHealth(NodeState state, Lease lease, NatsConnections nats) {
        this.state = state;
        this.lease = lease;
        this.nats = nats;
    }

    @Override
    public HealthCheckResponse call() {
        var broker = nats.state();
        var answer = HealthCheckResponse.named("node")
                .status(!state.draining() && lease.mayRead())
                .withData("draining", state.draining())
                .withData("leaseRunning", lease.everRenewed())
                .withData("postgresSeenMsAgo", lease.everRenewed() ? lease.age().toMillis() : -1)
                .withData("nats", nats.connected() ? "connected" : "away")
                .withData("natsStream", broker.streamFound() ? "found" : "missing")
                .withData("natsFailures", broker.failures());
        broker.lastError().ifPresent(error -> answer.withData("natsLastError", error));
        return answer.build();
    }
}
