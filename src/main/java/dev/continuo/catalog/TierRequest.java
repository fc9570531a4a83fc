package dev.continuo.catalog;

import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The body of {@code PUT /api/tiers/{tier}}. */
@Schema(name = "TierRequest")
public record TierRequest(
        @Schema(required = true) String provider,
        @Schema(required = true) String model,
        Fallback fallback,

        @Schema(
                enumeration = {"off", "low", "medium", "high"},
                description =
                        "How hard the models are asked to think before they speak; `off` asks for nothing. Where it"
                                + " is left out, `medium` for the tier `thinking`, and `off` for the others and where the"
                                + " provider's kind (`mistral`) has no word for it")
        String thinking) {
    @Schema(name = "TierFallback", description = "Asked where the first model fails before its first token")
    public record Fallback(
            @Schema(required = true) String provider,
            @Schema(required = true) String model) {}

    Tier checked(Tier.Name name, Offer offer) {
        var first = model(offer, "", provider, model);
        return new Tier(
                name,
                first,
                Optional.ofNullable(fallback).map(f -> model(offer, "fallback.", f.provider(), f.model())),
                thinking(name, offer.providers().get(first.provider()).kind()));
    }

    private Thinking thinking(Tier.Name name, Kind kind) {
        if (thinking == null) {
            return kind.asked(name.usualThinking());
        }
        var wished = Thinking.named(thinking)
                .orElseThrow(() ->
                        Refusals.bad("thinking", "There is no such thinking. It is one of " + Thinking.names() + "."));
        if (kind.asked(wished) != wished) {
            throw Refusals.bad(
                    "thinking",
                    "A provider of the kind " + kind.apiName() + " cannot be asked to think: its models do or do not by"
                            + " themselves. Send off, or leave it out.");
        }
        return wished;
    }

    private static Tier.Model model(Offer offer, String at, String provider, String model) {
        Refusals.required(at + "provider", provider);
        var found = offer.inOrder().stream()
                .filter(p -> p.id().toString().equals(provider))
                .findFirst()
                .orElseThrow(() -> Refusals.bad(
                        at + "provider", "Your organisation has no such provider. GET /api/providers lists them."));
        var name = Refusals.model(at + "model", Refusals.required(at + "model", model));
        if (!found.mayHave(name)) {
            throw Refusals.bad(
                    at + "model",
                    "The provider '" + found.name() + "' lists no such model. GET /api/providers/" + found.id()
                            + " lists them.");
        }
        UUID id = found.id();
        return new Tier.Model(id, name);
    }
}
