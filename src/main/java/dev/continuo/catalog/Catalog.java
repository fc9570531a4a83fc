package dev.continuo.catalog;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The one agent, its tier, and the provider behind it. */
@Singleton
public class Catalog {
    public static final String DEFAULT = "default";

    @Schema(name = "Agent")
    public record Agent(String id, String tier) {}

    @Schema(name = "Tier")
    public record Tier(String id, String provider, String model) {}

    /** @param host without its path and without its key, which nobody reads back */
    @Schema(name = "Provider")
    public record Provider(String id, String kind, String host) {}

    private final String model;
    private final String baseUrl;

    @Inject
    public Catalog(
            @ConfigProperty(name = "continuo.model") Optional<String> model,
            @ConfigProperty(name = "continuo.openai.base-url") Optional<String> baseUrl) {
        this.model = model.orElse(DEFAULT);
        this.baseUrl = baseUrl.orElse("https://api.openai.com/v1");
    }

    public List<Agent> agents() {
        return List.of(new Agent(DEFAULT, DEFAULT));
    }

    public List<Tier> tiers() {
        return List.of(new Tier(DEFAULT, DEFAULT, model));
    }

    public List<Provider> providers() {
        return List.of(new Provider(DEFAULT, "openai", URI.create(baseUrl).getAuthority()));
    }

    public boolean hasAgent(String id) {
        return DEFAULT.equals(id);
    }

    public boolean hasTier(String id) {
        return DEFAULT.equals(id);
    }
}
