package dev.continuo.catalog;

import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The body of {@code PUT /api/tiers/{tier}}. */
@Schema(name = "TierRequest")
public record TierRequest(
        @Schema(required = true) String provider,
        @Schema(required = true) String model,
        Fallback fallback) {
    @Schema(name = "TierFallback", description = "Asked where the first model fails before its first token")
    public record Fallback(
            @Schema(required = true) String provider,
            @Schema(required = true) String model) {}

    Tier checked(Tier.Name name, Offer offer) {
        return new Tier(
                name,
                model(offer, "", provider, model),
                Optional.ofNullable(fallback).map(f -> model(offer, "fallback.", f.provider(), f.model())));
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
