package dev.continuo.nats;

import io.nats.client.Nats;
import io.nats.client.Options;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Where NATS is and how this node proves who it is; all authentication is optional. */
@Singleton
final class NatsSettings {
    private static final Duration RETRY = Duration.ofMillis(250);
    private static final Duration JITTER = Duration.ofMillis(250);

    private final String url;
    private final Optional<String> credentialsFile;
    private final Optional<String> truststore;
    private final Optional<String> truststorePassword;

    @Inject
    NatsSettings(
            @ConfigProperty(name = "continuo.nats.url") String url,
            @ConfigProperty(name = "continuo.nats.credentials-file") Optional<String> credentialsFile,
            @ConfigProperty(name = "continuo.nats.truststore") Optional<String> truststore,
            @ConfigProperty(name = "continuo.nats.truststore-password") Optional<String> truststorePassword) {
        if (url.isBlank()) {
            throw new IllegalArgumentException("continuo.nats.url is empty: set it to nats://host:4222");
        }
        if (url.contains("opentls:")) {
            throw new IllegalArgumentException(
                    "continuo.nats.url would trust anybody: use tls:// instead of opentls://");
        }
        this.url = url;
        this.credentialsFile = credentialsFile;
        this.truststore = truststore;
        this.truststorePassword = truststorePassword;
    }

    NatsSettings(String url) {
        this(url, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * Nothing is buffered while the connection is away: a message that leaves seconds later has been given up by its
     * sender. A dead connection shows within three pings; one more may be the question of a new subscription. Host names are kept, for certificates carry names; servers
     * that the broker tells of are ignored, for it tells addresses. What queued up leaves in one write: a request is not flushed on its own.
     */
    Options.Builder options(String name) {
        var options = new Options.Builder()
                .connectionName("continuo " + name)
                .servers(url.split("\\s*,\\s*"))
                .hostnameResolveMode(Options.HostnameResolveMode.HappyEyeballs)
                .ignoreDiscoveredServers()
                .maxReconnects(-1)
                .reconnectWait(RETRY)
                .reconnectJitter(JITTER)
                .reconnectJitterTls(JITTER)
                .reconnectBufferSize(0)
                .dontForceFlushOnRequest()
                .connectionTimeout(Duration.ofSeconds(2))
                .pingInterval(Duration.ofSeconds(3))
                .maxPingsOut(3);
        credentialsFile.ifPresent(file -> options.authHandler(Nats.credentials(file)));
        if (truststore.isPresent() || url.contains("tls:")) {
            options.sslContext(VerifiedTls.context(truststore, truststorePassword));
        }
        return options;
    }
}
