package dev.continuo.testkit;

import java.net.URI;
import java.util.Map;
import java.util.stream.Stream;

/** What one node's connections to the servers run through. */
public record NodeLines(FaultProxy database, FaultProxy nats, FaultProxy provider) {
    static NodeLines to(String databaseUrl, String natsUrl, String providerUrl) {
        return new NodeLines(
                FaultProxy.to(port(databaseUrl.substring("jdbc:".length()))),
                FaultProxy.to(port(natsUrl)),
                FaultProxy.to(port(providerUrl)));
    }

    /** The same addresses, but through these lines. */
    Map<String, String> environment(String databaseUrl, String natsUrl, String providerUrl) {
        return Map.of(
                "CONTINUO_DB_URL", "jdbc:" + through(database, databaseUrl.substring("jdbc:".length())),
                "CONTINUO_NATS_URL", through(nats, natsUrl),
                "CONTINUO_OPENAI_BASE_URL", through(provider, providerUrl));
    }

    private static String through(FaultProxy line, String url) {
        return url.replace(":" + port(url), ":" + line.port());
    }

    private static int port(String url) {
        return URI.create(url).getPort();
    }

    public void heal() {
        Stream.of(database, nats, provider).forEach(FaultProxy::heal);
    }

    void close() {
        Stream.of(database, nats, provider).forEach(FaultProxy::close);
    }
}
