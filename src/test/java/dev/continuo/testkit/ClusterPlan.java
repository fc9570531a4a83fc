package dev.continuo.testkit;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What a {@link Cluster} is made of. What is not given is started. */
public record ClusterPlan(
        Path folder,
        int nodes,
        int firstPort,
        Postgres.Durability durability,
        Optional<String> databaseUrl,
        Optional<String> natsUrl,
        Optional<Provider> provider,
        Map<String, String> environment,
        Lines lines) {
    public static final int ANY_PORT = 0;

    /** How nodes reach PostgreSQL, NATS and the provider. */
    public enum Lines {
        DIRECT,
        /** Through a {@link FaultProxy} of its own for each node and server; see {@link Cluster#lines}. */
        THAT_CAN_FAIL
    }

    /** Where the model is. */
    public record Provider(String baseUrl, String apiKey, String model) {}

    public ClusterPlan {
        folder = folder.toAbsolutePath();
        environment = Map.copyOf(environment);
    }

    /** For tests: everything of its own, on free ports. */
    public static ClusterPlan ofNodes(int nodes) {
        return new ClusterPlan(
                Path.of("target", "cluster"),
                nodes,
                ANY_PORT,
                Postgres.Durability.SURVIVES_A_KILL,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Lines.DIRECT);
    }

    /** With one more variable for every node, such as {@code CONTINUO_LIMITS=off}. */
    public ClusterPlan with(String variable, String value) {
        var more = new java.util.HashMap<>(environment);
        more.put(variable, value);
        return new ClusterPlan(folder, nodes, firstPort, durability, databaseUrl, natsUrl, provider, more, lines);
    }

    /**
     * With nodes that are killed and started all the time: without the JVM's second compiler a start takes half the
     * processor time (13 s of a core instead of 25). Not for what is measured.
     */
    public ClusterPlan startingOften() {
        return with("JVM_ARGS", "-XX:TieredStopAtLevel=1");
    }

    public ClusterPlan in(Path other) {
        return new ClusterPlan(other, nodes, firstPort, durability, databaseUrl, natsUrl, provider, environment, lines);
    }

    /** With a provider that is there already. */
    public ClusterPlan at(Provider there) {
        return new ClusterPlan(
                folder, nodes, firstPort, durability, databaseUrl, natsUrl, Optional.of(there), environment, lines);
    }

    public ClusterPlan over(Lines other) {
        return new ClusterPlan(
                folder, nodes, firstPort, durability, databaseUrl, natsUrl, provider, environment, other);
    }

    /** With a database that waits for its disk, as in production. */
    public ClusterPlan durable() {
        return new ClusterPlan(
                folder,
                nodes,
                firstPort,
                Postgres.Durability.SURVIVES_A_POWER_CUT,
                databaseUrl,
                natsUrl,
                provider,
                environment,
                lines);
    }

    int port(int node) {
        return firstPort == ANY_PORT ? Ports.free() : firstPort + node - 1;
    }
}
