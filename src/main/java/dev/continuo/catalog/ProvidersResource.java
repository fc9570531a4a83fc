package dev.continuo.catalog;

import dev.continuo.identity.Audit;
import dev.continuo.identity.Caller;
import dev.continuo.identity.Needs;
import dev.continuo.identity.Scope;
import dev.continuo.web.Ids;
import dev.continuo.web.RequestId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/providers")
@Singleton
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Catalog", description = "What answers. Changes need the role admin and the scope catalog.")
public class ProvidersResource {
    private final Providers providers;
    private final Catalog catalog;

    @Context
    private HttpServletRequest request;

    @Inject
    public ProvidersResource(Providers providers, Catalog catalog) {
        this.providers = providers;
        this.catalog = catalog;
    }

    @Schema(name = "Providers")
    public record Listed(List<ProviderView> items) {}

    @GET
    @Operation(
            summary = "List providers; their keys are never shown",
            description = "An organisation without providers of its own has that of the server, `default`.")
    public Listed list(@Context SecurityContext security) {
        var own = catalog.offer(Caller.of(security).org()).inOrder().stream()
                .map(ProviderView::of)
                .toList();
        return new Listed(own.isEmpty() ? List.of(ProviderView.configured(catalog)) : own);
    }

    @GET
    @Path("/{p}")
    @Operation(summary = "One provider, without its key")
    @APIResponse(responseCode = "200", description = "As it is now.")
    @APIResponse(responseCode = "404", description = "`unknown_provider`")
    public ProviderView get(@Context SecurityContext security, @PathParam("p") String p) {
        return ProviderView.of(providers.find(Caller.of(security).org(), id(p)));
    }

    @POST
    @Needs(Scope.CATALOG)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Add a provider; it is asked for its models at once",
            description = "`probe` says how that went; it is stored in any case. The key is sealed and never shown.")
    @APIResponse(
            responseCode = "201",
            description = "It is stored.",
            headers =
                    @Header(
                            name = "Location",
                            description = "The provider",
                            schema = @Schema(implementation = String.class)),
            content = @Content(schema = @Schema(implementation = ProviderView.class)))
    @APIResponse(
            responseCode = "400",
            description =
                    "`bad_base_url` or `address_refused` for an address that this server does not call; or a field is "
                            + "unknown, missing or wrong.")
    @APIResponse(responseCode = "403", description = "`admin_only`, `missing_scope` or `read_only`.")
    @APIResponse(responseCode = "409", description = "`name_taken`, or `no_master_key`: the server cannot seal keys.")
    public Response create(@Context SecurityContext security, NewProvider body) {
        var made = providers.create(body, by(security));
        return Response.status(201)
                .header("Location", "/api/providers/" + made.id())
                .entity(ProviderView.of(made))
                .build();
    }

    @PATCH
    @Path("/{p}")
    @Needs(Scope.CATALOG)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Change a provider, and ask it for its models again",
            description = "Another scheme, host or port of the base URL clears the key, unless one is sent along.")
    @APIResponse(responseCode = "200", description = "As it is now.")
    @APIResponse(responseCode = "404", description = "`unknown_provider`")
    @APIResponse(responseCode = "409", description = "`name_taken`, `changed_meanwhile` or `no_master_key`.")
    public ProviderView change(@Context SecurityContext security, @PathParam("p") String p, ProviderChange body) {
        return ProviderView.of(providers.change(id(p), body, by(security)));
    }

    @DELETE
    @Path("/{p}")
    @Needs(Scope.CATALOG)
    @Operation(summary = "Delete a provider and its key")
    @APIResponse(responseCode = "204", description = "It is gone.")
    @APIResponse(responseCode = "404", description = "`unknown_provider`")
    @APIResponse(responseCode = "409", description = "`provider_in_use`: a tier points to it.")
    public void delete(@Context SecurityContext security, @PathParam("p") String p) {
        providers.delete(id(p), by(security));
    }

    private Audit.By by(SecurityContext security) {
        return Audit.By.of(Refusals.admin(Caller.of(security)), RequestId.of(request));
    }

    private static UUID id(String p) {
        return Ids.ours(p).orElseThrow(Refusals::unknownProvider);
    }
}
