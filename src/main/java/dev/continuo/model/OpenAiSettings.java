package dev.continuo.model;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** A provider that speaks OpenAI's chat completions, and how patient to be with it. Never prints its key. */
@Singleton
final class OpenAiSettings {
    private final String baseUrl;
    private final Optional<String> apiKey;
    private final String model;
    private final Patience patience;
    private final long outputLimit;

    /** @param firstByte from the request to the first byte of the answer */
    record Patience(Duration connect, Duration firstByte, Duration gap, Duration total) {
        static final Patience USUAL = new Patience(
                Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(45), Duration.ofMinutes(15));

        /** Models that were asked to think may be silent for so much longer, in the beginning and between two thoughts. */
        private static final int THINKERS = 4;

        Patience withThinkers() {
            return new Patience(connect, firstByte.multipliedBy(THINKERS), gap.multipliedBy(THINKERS), total);
        }

        Patience {
            if (!firstByte.isPositive() || !gap.isPositive() || !total.isPositive() || !connect.isPositive()) {
                throw new IllegalArgumentException("the timers of continuo.openai must be positive, such as PT45S");
            }
        }
    }

    @Inject
    OpenAiSettings(
            @ConfigProperty(name = "continuo.openai.base-url") String baseUrl,
            @ConfigProperty(name = "continuo.openai.api-key") Optional<String> apiKey,
            @ConfigProperty(name = "continuo.model") String model,
            @ConfigProperty(name = "continuo.openai.connect-timeout") Duration connect,
            @ConfigProperty(name = "continuo.openai.first-byte-timeout") Duration firstByte,
            @ConfigProperty(name = "continuo.openai.gap-timeout") Duration gap,
            @ConfigProperty(name = "continuo.openai.total-timeout") Duration total,
            @ConfigProperty(name = "continuo.limits.output-bytes") long outputLimit) {
        this(baseUrl, apiKey, model, new Patience(connect, firstByte, gap, total), outputLimit);
    }

    OpenAiSettings(String baseUrl, Optional<String> apiKey, String model, Patience patience, long outputLimit) {
        var uri = URI.create(baseUrl);
        boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!http || uri.getHost() == null || uri.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "continuo.openai.base-url must be http(s)://host/path without a user: set it to"
                            + " https://api.openai.com/v1 or to your own server");
        }
        this.baseUrl = baseUrl;
        this.apiKey = apiKey.filter(key -> !key.isBlank());
        this.model = model;
        this.patience = patience;
        this.outputLimit = outputLimit;
    }

    String baseUrl() {
        return baseUrl;
    }

    Optional<String> apiKey() {
        return apiKey;
    }

    String model() {
        return model;
    }

    Patience patience() {
        return patience;
    }

    /** Characters of text, reasoning and tool arguments of one call. */
    long outputLimit() {
        return outputLimit;
    }
}
