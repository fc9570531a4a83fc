package dev.continuo.live;

import dev.continuo.nats.Subjects;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.Republish;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Objects;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The stream as it must be. Limits are per subject and by age: one shared byte limit would let a noisy organisation push
 * out a quiet one's tail. Direct reads stay off, they may come from a follower that is behind.
 */
@Singleton
final class StreamSettings {
    static final String STREAM = "CONTINUO";
    private static final Duration MAX_AGE = Duration.ofHours(1);
    private static final Duration DUPLICATES = Duration.ofMinutes(2);

    private final int replicas;
    private final long maxPerSubject;
    private final Duration requestTimeout;

    @Inject
    StreamSettings(
            @ConfigProperty(name = "continuo.nats.replicas") int replicas,
            @ConfigProperty(name = "continuo.nats.max-messages-per-run") long maxPerSubject,
            @ConfigProperty(name = "continuo.nats.request-timeout") Duration requestTimeout) {
        if (replicas < 1 || replicas > 5) {
            throw new IllegalArgumentException("continuo.nats.replicas is " + replicas + ": use 1, 3 or 5");
        }
        this.replicas = replicas;
        this.maxPerSubject = maxPerSubject;
        this.requestTimeout = requestTimeout;
    }

    StreamSettings() {
        this(1, 20_000, Duration.ofSeconds(2));
    }

    Duration requestTimeout() {
        return requestTimeout;
    }

    StreamConfiguration configuration() {
        return StreamConfiguration.builder()
                .name(STREAM)
                .description("the tails of Continuo's runs")
                .subjects(Subjects.ALL_LOGS)
                .storageType(StorageType.File)
                .retentionPolicy(RetentionPolicy.Limits)
                .discardPolicy(DiscardPolicy.Old)
                .replicas(replicas)
                .maxMessagesPerSubject(maxPerSubject)
                .maxAge(MAX_AGE)
                .duplicateWindow(DUPLICATES)
                .republish(Republish.builder()
                        .source(Subjects.ALL_LOGS)
                        .destination(Subjects.REPUBLISH)
                        .build())
                .build();
    }

    /** True where a stream of an earlier configuration has to be updated. */
    boolean differs(StreamConfiguration is) {
        var should = configuration();
        return is.getReplicas() != should.getReplicas()
                || is.getMaxMsgsPerSubject() != should.getMaxMsgsPerSubject()
                || !is.getSubjects().equals(should.getSubjects())
                || !is.getMaxAge().equals(should.getMaxAge())
                || !is.getDuplicateWindow().equals(should.getDuplicateWindow())
                || is.getAllowDirect()
                || is.getRepublish() == null
                || !Objects.equals(is.getRepublish().getDestination(), Subjects.REPUBLISH);
    }
}
