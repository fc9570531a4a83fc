package dev.continuo.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.nats.NatsConnections;
import dev.continuo.node.Lease;
import dev.continuo.node.NodeId;
import dev.continuo.node.NodeState;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.spi.HealthCheckResponseProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HealthTest {
    private static final Duration LEASE = Duration.ofSeconds(6);

    private final Lease lease = new Lease();
    private final NodeState state = new NodeState();
    /** Port 1 has no broker. */
    private final NatsConnections nats = NatsConnections.to("nats://127.0.0.1:1");

    private final ReadyHealth ready = new ReadyHealth(state, lease, nats);
    private final StartedHealth started = new StartedHealth(lease);

    @BeforeAll
    static void answer_without_a_server() {
        HealthCheckResponse.setResponseProvider(new Provider());
    }

    @AfterEach
    void close() {
        nats.close();
    }

    @Test
    void before_its_first_renewal_a_node_is_neither_started_nor_ready() {
        assertThat(started.call().getStatus()).isEqualTo(Status.DOWN);
        assertThat(ready.call().getStatus()).isEqualTo(Status.DOWN);
        assertThat(data().get("leaseRunning")).isEqualTo(false);
        assertThat(data().get("postgresSeenMsAgo")).isEqualTo(-1L);
    }

    @Test
    void a_node_with_a_lease_is_ready_without_nats_and_says_so() {
        lease.renewed(lease.now(), LEASE);
        assertThat(started.call().getStatus()).isEqualTo(Status.UP);
        assertThat(ready.call().getStatus()).isEqualTo(Status.UP);
        assertThat(data().get("nats")).isEqualTo("away");
    }

    @Test
    void a_short_outage_of_the_database_takes_no_node_out_and_a_long_one_does() {
        lease.renewed(lease.now() - Duration.ofSeconds(20).toNanos(), LEASE);
        assertThat(ready.call().getStatus()).isEqualTo(Status.UP);
        lease.renewed(lease.now() - Duration.ofSeconds(31).toNanos(), LEASE);
        assertThat(ready.call().getStatus()).isEqualTo(Status.DOWN);
        assertThat((long) data().get("postgresSeenMsAgo")).isGreaterThanOrEqualTo(31_000);
        assertThat(started.call().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void a_node_that_leaves_is_not_ready_and_still_alive() {
        lease.renewed(lease.now(), LEASE);
        state.drain();
        assertThat(ready.call().getStatus()).isEqualTo(Status.DOWN);
        assertThat(data().get("draining")).isEqualTo(true);
        var alive = new LiveHealth(new NodeId("n", UUID.randomUUID())).call();
        assertThat(alive.getStatus()).isEqualTo(Status.UP);
        assertThat(alive.getData().orElseThrow()).containsEntry("node", "n");
    }

    private Map<String, Object> data() {
        return ready.call().getData().orElseThrow();
    }

    private static final class Provider implements HealthCheckResponseProvider {
        @Override
        public HealthCheckResponseBuilder createResponseBuilder() {
            return new Builder();
        }
    }

    private static final class Builder extends HealthCheckResponseBuilder {
        private final Map<String, Object> data = new HashMap<>();
        private String name;
        private boolean up;

        @Override
        public HealthCheckResponseBuilder name(String called) {
            name = called;
            return this;
        }

        @Override
        public HealthCheckResponseBuilder withData(String key, String value) {
            data.put(key, value);
            return this;
        }

        @Override
        public HealthCheckResponseBuilder withData(String key, long value) {
            data.put(key, value);
            return this;
        }

        @Override
        public HealthCheckResponseBuilder withData(String key, boolean value) {
            data.put(key, value);
            return this;
        }

        @Override
        public HealthCheckResponseBuilder up() {
            return status(true);
        }

        @Override
        public HealthCheckResponseBuilder down() {
            return status(false);
        }

        @Override
        public HealthCheckResponseBuilder status(boolean isUp) {
            up = isUp;
            return this;
        }

        @Override
        public HealthCheckResponse build() {
            return new HealthCheckResponse(name, up ? Status.UP : Status.DOWN, Optional.of(data));
        }
    }
}
