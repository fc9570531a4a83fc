package dev.continuo.catalog;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** All that one organisation has, and which of it a wish means. Pure: the same rows and wish give the same pick. */
record Offer(Map<String, Agent> agents, Map<Tier.Name, Tier> tiers, Map<UUID, Provider> providers) {
    static final String DEFAULT = "default";

    private static final Agent DEFAULT_AGENT = Agent.plain(DEFAULT);

    Offer {
        agents = Map.copyOf(agents);
        tiers = Map.copyOf(tiers);
        providers = Map.copyOf(providers);
    }

    /** A model of a provider that is here, and how hard it is asked to think. */
    record Pick(Provider provider, String model, Thinking thinking) {
        /** One that is nobody's choice for a tier: nothing is asked of it. */
        Pick(Provider provider, String model) {
            this(provider, model, Thinking.OFF);
        }

        static Pick of(Tier tier, Tier.Model model, Provider provider) {
            return new Pick(provider, model.name(), provider.kind().asked(tier.thinking()));
        }
    }

    /** What a wish means, before any key is opened. */
    sealed interface Picked {
        record Configured(Optional<String> model) implements Picked {}

        record Own(Pick first, Optional<Pick> second) implements Picked {}

        record Unknown(String field) implements Picked {}

        record KeyRequired(Provider provider) implements Picked {}
    }

    Optional<Agent> agent(Wish wish) {
        var id = wish.agent().orElse(DEFAULT);
        return Optional.ofNullable(agents.get(id))
                .or(() -> id.equals(DEFAULT) ? Optional.of(DEFAULT_AGENT) : Optional.empty());
    }

    Picked pick(Wish wish) {
        var agent = agent(wish);
        if (agent.isEmpty()) {
            return new Picked.Unknown("agent");
        }
        var asked = wish.tier().or(() -> agent.get().tier()).filter(t -> !t.equals(DEFAULT));
        if (asked.isPresent()) {
            var tier = Tier.Name.named(asked.get()).map(tiers::get);
            return tier.isEmpty() ? new Picked.Unknown("tier") : of(tier.get(), wish.model());
        }
        var usual = Tier.Name.BY_PREFERENCE.stream()
                .filter(tiers::containsKey)
                .findFirst()
                .map(tiers::get);
        if (usual.isPresent() && wish.model().isEmpty()) {
            return of(usual.get(), Optional.empty());
        }
        if (wish.model().isEmpty() || providers.isEmpty()) {
            return new Picked.Configured(wish.model());
        }
        return usual.map(tier -> of(tier, wish.model()))
                .filter(picked -> !(picked instanceof Picked.Unknown))
                .orElseGet(() -> listing(wish.model().get()));
    }

    private Picked of(Tier tier, Optional<String> model) {
        var provider = providers.get(tier.model().provider());
        if (model.isEmpty() || model.get().equals(tier.model().name())) {
            var second = tier.fallback()
                    .map(f -> Pick.of(tier, f, providers.get(f.provider())))
                    .filter(f -> !f.provider().lacksKey());
            return ready(Pick.of(tier, tier.model(), provider), second);
        }
        return provider.mayHave(model.get())
                ? ready(new Pick(provider, model.get()), Optional.empty())
                : new Picked.Unknown("model");
    }

    private Picked listing(String model) {
        return inOrder().stream()
                .filter(p -> p.lists(model))
                .findFirst()
                .map(p -> ready(new Pick(p, model), Optional.empty()))
                .orElse(new Picked.Unknown("model"));
    }

    private static Picked ready(Pick first, Optional<Pick> second) {
        return first.provider().lacksKey() ? new Picked.KeyRequired(first.provider()) : new Picked.Own(first, second);
    }

    List<Provider> inOrder() {
        return providers.values().stream()
                .sorted(java.util.Comparator.comparing(Provider::name))
                .toList();
    }
}
