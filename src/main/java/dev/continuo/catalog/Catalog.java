package dev.continuo.catalog;

import dev.continuo.catalog.Choice.Target;
import dev.continuo.catalog.Choice.Where;
import dev.continuo.catalog.Offer.Pick;
import dev.continuo.catalog.Offer.Picked;
import dev.continuo.node.Stopwatch;
import dev.continuo.secrets.Credential;
import dev.continuo.secrets.Seal;
import dev.continuo.secrets.Unreadable;
import dev.continuo.web.Problem;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Who answers a message. A node remembers what an organisation has for a second, so a change is felt at once where it was
 * made and a second later elsewhere, and what a message needs is never missing for that; a key always goes with the
 * address it was stored with.
 */
@Singleton
public class Catalog {
    public static final String DEFAULT = Offer.DEFAULT;

    private static final System.Logger LOG = System.getLogger(Catalog.class.getName());
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final int REMEMBERED = 10_000;

    private record Remembered(Offer offer, long at) {}

    private final CatalogRows rows;
    private final Seal seal;
    private final Stopwatch stopwatch;
    private final String model;
    private final URI baseUrl;
    private final Map<UUID, Remembered> remembered = new ConcurrentHashMap<>();

    @Inject
    Catalog(
            CatalogRows rows,
            Seal seal,
            Stopwatch stopwatch,
            @ConfigProperty(name = "continuo.model") String model,
            @ConfigProperty(name = "continuo.openai.base-url") String baseUrl) {
        this.rows = rows;
        this.seal = seal;
        this.stopwatch = stopwatch;
        this.model = model;
        this.baseUrl = URI.create(baseUrl);
    }

    /** Refuses a wish that means nothing here, before its message is accepted. */
    public void check(UUID org, Wish wish, OptionalDouble temperature) {
        wish.model().ifPresent(name -> Refusals.model("model", name));
        temperature.ifPresent(Refusals::temperature);
        switch (offer(org, wish).pick(wish)) {
            case Picked.Configured _, Picked.Own _ -> {}
            case Picked.Unknown(var field) ->
                throw Problem.of(
                                400,
                                "bad_value",
                                "There is no such " + field + ". GET /api/"
                                        + (field.equals("model") ? "provider" : field) + "s lists them.")
                        .at(field);
            case Picked.KeyRequired(var provider) ->
                throw Problem.of(
                        409,
                        "key_required",
                        "The provider '" + provider.name() + "' has no key, or lost it when its address changed. An "
                                + "admin gives it one: PATCH /api/providers/" + provider.id() + " with 'key'.");
        }
    }

    /** As {@link #check}, but a message that was {@code accepted} before stays so, whatever has become of its wish. */
    public void check(UUID org, Wish wish, OptionalDouble temperature, BooleanSupplier accepted) {
        try {
            check(org, wish, temperature);
        } catch (Problem refusal) {
            if (!accepted.getAsBoolean()) {
                throw refusal;
            }
        }
    }

    public boolean hasAgent(UUID org, String id) {
        var wish = new Wish(Optional.of(id), Optional.empty(), Optional.empty());
        return offer(org, wish).agent(wish).isPresent();
    }

    /** Who answers, as things are now. */
    public Choice choose(UUID org, Wish wish) {
        var offer = offer(org, wish);
        var agent = offer.agent(wish);
        return new Choice(
                agent.map(Agent::instructions).filter(text -> !text.isBlank()),
                agent.map(Agent::temperature).orElse(OptionalDouble.empty()),
                agent.map(Agent::history).orElse(OptionalInt.empty()),
                where(offer.pick(wish)));
    }

    /** What the agent may use and how far it may go; nothing for an agent that is not there. */
    public AgentTools tools(UUID org, Optional<String> agent) {
        var wish = new Wish(agent, Optional.empty(), Optional.empty());
        return offer(org, wish).agent(wish).map(Agent::tools).orElse(AgentTools.NONE);
    }

    private Where where(Picked picked) {
        return switch (picked) {
            case Picked.Configured(var named) -> new Where.Configured(named);
            case Picked.Unknown(var field) -> new Where.Nowhere("unknown_" + field);
            case Picked.KeyRequired _ -> new Where.Nowhere("key_required");
            case Picked.Own(var first, var second) -> own(first, second);
        };
    }

    private Where own(Pick first, Optional<Pick> second) {
        try {
            return new Where.Own(
                    target(first), second.isEmpty() ? Optional.empty() : Optional.of(target(second.get())));
        } catch (Unreadable e) {
            LOG.log(
                    Level.ERROR,
                    "a key of {0} cannot be opened ({1}): its runs fail",
                    first.provider(),
                    e.getMessage());
            return new Where.Nowhere("credential_unreadable");
        }
    }

    private Target target(Pick pick) throws Unreadable {
        var p = pick.provider();
        Optional<Credential> key = p.sealedKey().isEmpty()
                ? Optional.empty()
                : Optional.of(seal.open(p.sealedKey().get(), p.place()));
        return new Target(p.id(), p.kind(), p.baseUrl(), key, pick.model(), pick.thinking());
    }

    /** What is missing may have been made on another node since we looked, for a message that is here already. */
    private Offer offer(UUID org, Wish wish) {
        var known = offer(org);
        return switch (known.pick(wish)) {
            case Picked.Configured _, Picked.Own _ -> known;
            case Picked.Unknown _, Picked.KeyRequired _ -> {
                forget(org);
                yield offer(org);
            }
        };
    }

    Offer offer(UUID org) {
        var known = remembered.get(org);
        if (known != null && stopwatch.since(known.at()).compareTo(FRESH) < 0) {
            return known.offer();
        }
        if (remembered.size() > REMEMBERED) {
            remembered.clear();
        }
        long now = stopwatch.nanoTime();
        var offer = rows.offer(org);
        remembered.put(org, new Remembered(offer, now));
        return offer;
    }

    /** After a change made here. */
    void forget(UUID org) {
        remembered.remove(org);
    }

    String configuredModel() {
        return model;
    }

    /** Without its path, and without its key, which nobody reads back. */
    String configuredHost() {
        return baseUrl.getAuthority();
    }
}
