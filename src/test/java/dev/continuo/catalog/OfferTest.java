package dev.continuo.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.continuo.catalog.Offer.Pick;
import dev.continuo.catalog.Offer.Picked;
import dev.continuo.catalog.Provider.Auth;
import dev.continuo.web.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OfferTest {
    private static final UUID ORG = new UUID(0, 1);
    private static final Provider ALPHA = provider(1, "alpha", Optional.of(new byte[] {1}), "small", "large");
    private static final Provider BETA = provider(2, "beta", Optional.of(new byte[] {1}), "other", "large");
    private static final Provider KEYLESS = provider(3, "gamma", Optional.empty(), "third");
    private static final Provider UNLISTED = provider(4, "delta", Optional.of(new byte[] {1}));
    private static final Agent POET = new Agent(
            "poet", "Rhyme.", Optional.of("fast"), OptionalDouble.of(1.5), OptionalInt.empty(), AgentTools.NONE);

    private static Provider provider(int id, String name, Optional<byte[]> key, String... models) {
        return new Provider(
                ORG,
                new UUID(0, id),
                name,
                Kind.OPENAI,
                "https://" + name + ".test/v1",
                Auth.KEY,
                key,
                List.of(models),
                "ok",
                Instant.EPOCH,
                1);
    }

    private static Tier tier(Tier.Name name, Provider provider, String model) {
        return new Tier(name, new Tier.Model(provider.id(), model), Optional.empty(), Thinking.OFF);
    }

    private static Offer offer(Tier... tiers) {
        var named = new java.util.HashMap<Tier.Name, Tier>();
        for (var tier : tiers) {
            named.put(tier.name(), tier);
        }
        return new Offer(
                Map.of("poet", POET),
                named,
                Map.of(ALPHA.id(), ALPHA, BETA.id(), BETA, KEYLESS.id(), KEYLESS, UNLISTED.id(), UNLISTED));
    }

    private static Wish wish(String agent, String tier, String model) {
        return new Wish(Optional.ofNullable(agent), Optional.ofNullable(tier), Optional.ofNullable(model));
    }

    private static Picked own(Provider provider, String model) {
        return new Picked.Own(new Pick(provider, model), Optional.empty());
    }

    @Test
    void an_organisation_without_anything_has_the_servers_provider_and_any_model_of_it() {
        var nothing = new Offer(Map.of(), Map.of(), Map.of());
        assertThat(nothing.pick(wish(null, null, null))).isEqualTo(new Picked.Configured(Optional.empty()));
        assertThat(nothing.pick(wish("default", "default", "m"))).isEqualTo(new Picked.Configured(Optional.of("m")));
        assertThat(nothing.pick(wish(null, "smart", null))).isEqualTo(new Picked.Unknown("tier"));
        assertThat(nothing.pick(wish("poet", null, null))).isEqualTo(new Picked.Unknown("agent"));
    }

    @Test
    void without_a_wish_smart_answers_else_fast_else_thinking() {
        var thinking = tier(Tier.Name.THINKING, ALPHA, "large");
        var fast = tier(Tier.Name.FAST, ALPHA, "small");
        var smart = tier(Tier.Name.SMART, BETA, "large");
        assertThat(offer(thinking).pick(wish(null, null, null))).isEqualTo(own(ALPHA, "large"));
        assertThat(offer(thinking, fast).pick(wish(null, null, null))).isEqualTo(own(ALPHA, "small"));
        assertThat(offer(thinking, fast, smart).pick(wish(null, null, null))).isEqualTo(own(BETA, "large"));
        assertThat(offer(thinking, fast, smart).pick(wish(null, "default", null)))
                .isEqualTo(own(BETA, "large"));
    }

    @Test
    void a_message_s_tier_goes_before_its_agent_s() {
        var offer = offer(tier(Tier.Name.FAST, ALPHA, "small"), tier(Tier.Name.SMART, BETA, "large"));
        assertThat(offer.pick(wish("poet", null, null))).isEqualTo(own(ALPHA, "small"));
        assertThat(offer.pick(wish("poet", "smart", null))).isEqualTo(own(BETA, "large"));
        assertThat(offer.pick(wish(null, "thinking", null))).isEqualTo(new Picked.Unknown("tier"));
        assertThat(offer.pick(wish(null, "bogus", null))).isEqualTo(new Picked.Unknown("tier"));
    }

    @Test
    void a_model_is_one_that_the_tiers_provider_or_else_another_lists() {
        var offer = offer(tier(Tier.Name.SMART, BETA, "other"));
        assertThat(offer.pick(wish(null, null, "large"))).isEqualTo(own(BETA, "large"));
        assertThat(offer.pick(wish(null, null, "small"))).isEqualTo(own(ALPHA, "small"));
        assertThat(offer.pick(wish(null, "smart", "small"))).isEqualTo(new Picked.Unknown("model"));
        assertThat(offer.pick(wish(null, null, "bogus"))).isEqualTo(new Picked.Unknown("model"));
        assertThat(offer().pick(wish(null, null, "small"))).isEqualTo(own(ALPHA, "small"));
        assertThat(offer().pick(wish(null, null, null))).isEqualTo(new Picked.Configured(Optional.empty()));
    }

    @Test
    void a_provider_that_could_not_be_asked_for_its_models_may_have_any() {
        assertThat(offer(tier(Tier.Name.SMART, UNLISTED, "x")).pick(wish(null, "smart", "y")))
                .isEqualTo(own(UNLISTED, "y"));
    }

    @Test
    void a_provider_without_its_key_is_never_asked_and_no_fallback() {
        var first = offer(tier(Tier.Name.SMART, KEYLESS, "third"));
        assertThat(first.pick(wish(null, null, null))).isEqualTo(new Picked.KeyRequired(KEYLESS));
        var fallback = new Tier(
                Tier.Name.SMART,
                new Tier.Model(ALPHA.id(), "small"),
                Optional.of(new Tier.Model(KEYLESS.id(), "third")),
                Thinking.OFF);
        assertThat(offer(fallback).pick(wish(null, null, null))).isEqualTo(own(ALPHA, "small"));
    }

    @Test
    void the_fallback_stands_in_for_the_tiers_model_only() {
        var tier = new Tier(
                Tier.Name.SMART,
                new Tier.Model(ALPHA.id(), "small"),
                Optional.of(new Tier.Model(BETA.id(), "other")),
                Thinking.OFF);
        assertThat(offer(tier).pick(wish(null, null, null)))
                .isEqualTo(new Picked.Own(new Pick(ALPHA, "small"), Optional.of(new Pick(BETA, "other"))));
        assertThat(offer(tier).pick(wish(null, null, "large"))).isEqualTo(own(ALPHA, "large"));
    }

    @Test
    void a_tier_s_thinking_is_asked_of_its_own_models_and_of_those_only_that_can_be_asked() {
        var mistral = new Provider(
                ORG,
                UUID.randomUUID(),
                "m",
                Kind.MISTRAL,
                "https://m.test/v1",
                Auth.KEY,
                ALPHA.sealedKey(),
                List.of("magistral"),
                "ok",
                Instant.EPOCH,
                1);
        var tier = new Tier(
                Tier.Name.THINKING,
                new Tier.Model(ALPHA.id(), "small"),
                Optional.of(new Tier.Model(mistral.id(), "magistral")),
                Thinking.HIGH);
        var offer =
                new Offer(Map.of(), Map.of(Tier.Name.THINKING, tier), Map.of(ALPHA.id(), ALPHA, mistral.id(), mistral));
        assertThat(offer.pick(wish(null, "thinking", null)))
                .isEqualTo(new Picked.Own(
                        new Pick(ALPHA, "small", Thinking.HIGH),
                        Optional.of(new Pick(mistral, "magistral", Thinking.OFF))));
        assertThat(offer.pick(wish(null, "thinking", "large"))).isEqualTo(own(ALPHA, "large"));
    }

    @Test
    void the_tier_thinking_is_asked_to_think_where_nothing_is_said_and_the_kind_can() {
        assertThat(thinking(Tier.Name.THINKING, ALPHA, null)).isEqualTo(Thinking.MEDIUM);
        assertThat(thinking(Tier.Name.SMART, ALPHA, null)).isEqualTo(Thinking.OFF);
        assertThat(thinking(Tier.Name.SMART, ALPHA, "low")).isEqualTo(Thinking.LOW);
        assertThat(thinking(Tier.Name.THINKING, ALPHA, "off")).isEqualTo(Thinking.OFF);
        var mistral = Kind.MISTRAL.asked(Tier.Name.THINKING.usualThinking());
        assertThat(mistral).isEqualTo(Thinking.OFF);
        assertThat(catchThrowableOfType(Problem.class, () -> thinking(Tier.Name.SMART, ALPHA, "huge"))
                        .field())
                .contains("thinking");
    }

    private static Thinking thinking(Tier.Name name, Provider provider, String wished) {
        return new TierRequest(provider.id().toString(), "small", null, wished)
                .checked(name, offer())
                .thinking();
    }
}
