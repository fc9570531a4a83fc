package dev.continuo.catalog;

import dev.continuo.identity.Audit;
import dev.continuo.identity.Caller;
import dev.continuo.identity.Needs;
import dev.continuo.identity.Scope;
import dev.continuo.web.Ids;
import dev.continuo.web.Problem;
import dev.continuo.web.RequestId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/tiers")
@Singleton
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Catalog", description = "What answers. Changes need the role admin and the scope catalog.")
public class TiersResource {
    private final CatalogRows rows;
    private final CatalogSteps steps;
    private final Catalog catalog;

    @Context
    private HttpServletRequest request;

    @Inject
    public TiersResource(CatalogRows rows, CatalogSteps steps, Catalog catalog) {
        this.rows = rows;
        this.steps = steps;
        this.catalog = catalog;
    }

    @Schema(name = "Tiers")
    public record Listed(List<View> items) {}

    @Schema(name = "Tier")
    public record View(
            String id,
            String provider,
            String model,
            Optional<TierRequest.Fallback> fallback,

            @Schema(
                    enumeration = {"off", "low", "medium", "high"},
                    description = "How hard its models are asked to think")
            String thinking) {
        static View of(Tier t) {
            return new View(
                    t.name().apiName(),
                    t.model().provider().toString(),
                    t.model().name(),
                    t.fallback().map(f -> new TierRequest.Fallback(f.provider().toString(), f.name())),
                    t.thinking().apiName());
        }
    }

    @GET
    @Operation(
            summary = "List model tiers",
            description =
                    "An organisation without tiers of its own has that of the server, `default`. Without a tier, a "
                            + "message is answered by `smart`, else `fast`, else `thinking`.")
    public Listed list(@Context SecurityContext security) {
        var own = catalog.offer(Caller.of(security).org()).tiers().values().stream()
                .sorted(java.util.Comparator.comparing(Tier::name))
                .map(View::of)
                .toList();
        return new Listed(
                own.isEmpty()
                        ? List.of(new View(
                                Catalog.DEFAULT,
                                Catalog.DEFAULT,
                                catalog.configuredModel(),
                                Optional.empty(),
                                Thinking.OFF.apiName()))
                        : own);
    }

    @GET
    @Path("/{tier}")
    @Operation(summary = "Read a tier of your organisation's own")
    @APIResponse(responseCode = "200", description = "The tier.")
    @APIResponse(responseCode = "404", description = "`unknown_tier`: unknown, or not set.")
    public View one(@Context SecurityContext security, @PathParam("tier") String tier) {
        return Optional.ofNullable(
                        catalog.offer(Caller.of(security).org()).tiers().get(name(tier)))
                .map(View::of)
                .orElseThrow(() -> Problem.of(
                        404,
                        "unknown_tier",
                        "Your organisation has not said which model this tier is. PUT it, or GET /api/tiers for those"
                                + " that it has."));
    }

    @PUT
    @Path("/{tier}")
    @Needs(Scope.CATALOG)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Say which model a tier is: fast, smart or thinking")
    @APIResponse(responseCode = "200", description = "From now on.")
    @APIResponse(responseCode = "400", description = "A field is unknown, missing or wrong; `field` names it.")
    @APIResponse(responseCode = "404", description = "`unknown_tier`")
    public View put(@Context SecurityContext security, @PathParam("tier") String tier, TierRequest body) {
        var by = by(security);
        var set = body.checked(name(tier), rows.offer(by.org()));
        steps.put(by.org(), set, by);
        catalog.forget(by.org());
        return View.of(set);
    }

    @DELETE
    @Path("/{tier}")
    @Needs(Scope.CATALOG)
    @Operation(summary = "Remove a tier; messages that ask for it are refused")
    @APIResponse(responseCode = "204", description = "It is gone.")
    @APIResponse(responseCode = "404", description = "`unknown_tier`")
    public void delete(@Context SecurityContext security, @PathParam("tier") String tier) {
        var by = by(security);
        if (!steps.delete(by.org(), name(tier), by)) {
            throw unknown();
        }
        catalog.forget(by.org());
    }

    private Audit.By by(SecurityContext security) {
        return Audit.By.of(Refusals.admin(Caller.of(security)), RequestId.of(request));
    }

    private static Tier.Name name(String tier) {
        return Tier.Name.named(Ids.checked(tier)).orElseThrow(TiersResource::unknown);
    }

    private static Problem unknown() {
        return Problem.of(404, "unknown_tier", "There is no such tier. They are fast, smart and thinking.");
    }
}
