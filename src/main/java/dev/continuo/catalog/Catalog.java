package dev.continuo.catalog;

import dev.continuo.web.Problem;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The one agent, its tier, and the provider behind it. */
@Singleton
public class Catalog {
    public static final String DEFAULT = "default";

    private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9._:/@+-]{1,128}");

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

    /** @throws Problem 400 where an answer like this cannot be had */
    public void check(
            Optional<String> agent, Optional<String> tier, Optional<String> named, OptionalDouble temperature) {
        if (agent.filter(a -> !hasAgent(a)).isPresent()) {
            throw bad("agent", "There is no such agent. GET /api/agents lists them.");
        }
        if (tier.filter(t -> !DEFAULT.equals(t)).isPresent()) {
            throw bad("tier", "There is no such tier. GET /api/tiers lists them.");
        }
        if (named.filter(m -> !MODEL.matcher(m).matches()).isPresent()) {
            throw bad("model", "A model's name has 1 to 128 characters without spaces. Use such a name.");
        }
        if (temperature.isPresent() && !(temperature.getAsDouble() >= 0 && temperature.getAsDouble() <= 2)) {
            throw bad("temperature", "The temperature is a number from 0 to 2. Use such a number.");
        }
    }

    private static Problem bad(String field, String detail) {
        return Problem.of(400, "bad_value", detail).at(field);
    }
}
