package dev.continuo.identity;

import dev.continuo.nats.Hints;
import dev.continuo.web.Ids;
import dev.continuo.web.Problem;
import dev.continuo.web.RequestId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/keys")
@Singleton
@Needs(Scope.KEYS)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Keys", description = "API keys of the caller's organisation. Scope: keys.")
public class KeysResource {
    private final ApiKeys keys;
    private final Clock clock;
    private final Hints hints;

    @Context
    private HttpServletRequest request;

    @Inject
    public KeysResource(ApiKeys keys, Clock clock, Hints hints) {
        this.keys = keys;
        this.clock = clock;
        this.hints = hints;
    }

    @Schema(name = "Keys")
    public record KeyList(List<KeyView> items) {}

    /** The only answer that ever holds a key. */
    @Schema(name = "CreatedKey")
    public record CreatedKey(
            UUID id, String key, String name, String subject, String role, Optional<Instant> expiresAt) {}

    @GET
    @Operation(summary = "List keys, without the keys themselves")
    public KeyList list(@Context SecurityContext security) {
        return new KeyList(keys.of(Caller.of(security).org()));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Make a key; it is shown in this answer and never again",
            description = "Nobody grants more than they have: neither a higher role nor a scope of which the caller's "
                    + "own key has none. Only admins make keys for other subjects.")
    @APIResponse(
            responseCode = "201",
            description = "The key, this once.",
            headers =
                    @Header(
                            name = "Location",
                            description = "The key's id",
                            schema = @Schema(implementation = String.class)),
            content = @Content(schema = @Schema(implementation = CreatedKey.class)))
    @APIResponse(responseCode = "400", description = "A field is unknown, missing or wrong; `field` names it.")
    @APIResponse(responseCode = "403", description = "`beyond_own_rights`, `missing_scope` or `read_only`.")
    public Response create(@Context SecurityContext security, KeyRequest body) {
        var caller = Caller.of(security);
        var wanted = body.checked(caller, clock);
        var by = Audit.By.of(caller, RequestId.of(request));
        var made = body.organisation() == null
                ? keys.create(caller.org(), wanted, by)
                : keys.create(body.organisation(), wanted, by);
        var shown = new CreatedKey(
                made.id(),
                made.key().text(),
                wanted.name(),
                wanted.subject(),
                wanted.role().apiName(),
                wanted.expiresAt());
        return Response.status(201)
                .header("Location", "/api/keys/" + made.id())
                .entity(shown)
                .build();
    }

    @DELETE
    @Path("/{key}")
    @Operation(summary = "Revoke a key; every node refuses it within seconds, and its open streams end")
    @APIResponse(responseCode = "204", description = "It is revoked, now or since before.")
    @APIResponse(responseCode = "404", description = "`unknown_key`")
    public void revoke(@Context SecurityContext security, @PathParam("key") String key) {
        var caller = Caller.of(security);
        var revoked = Ids.ours(key)
                .filter(id -> keys.revoke(caller.org(), id, Audit.By.of(caller, RequestId.of(request))))
                .orElseThrow(() ->
                        Problem.of(404, "unknown_key", "Your organisation has no such key. GET /api/keys lists them."));
        hints.keyRevoked(revoked);
    }
}
