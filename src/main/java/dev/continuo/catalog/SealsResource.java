package dev.continuo.catalog;

import dev.continuo.identity.Audit;
import dev.continuo.identity.Caller;
import dev.continuo.identity.Needs;
import dev.continuo.identity.Scope;
import dev.continuo.web.RequestId;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** After a rotation of the server's keys: of all organisations, so it is the operator's. */
@Path("/admin/seals")
@Singleton
@Needs(Scope.OPS)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Operation", description = "The cluster and its runs. Scope: ops.")
public class SealsResource {
    private final Instance<SealKeeper> keepers;

    @Context
    private HttpServletRequest request;

    @Inject
    public SealsResource(@Any Instance<SealKeeper> keepers) {
        this.keepers = keepers;
    }

    @Schema(name = "Resealed")
    public record Resealed(
            int resealed,

            @Schema(description = "Sealed under a key that this node does not have")
            int unreadable) {}

    @POST
    @Operation(
            summary = "Seal all keys and bearers anew that are not under the first of continuo.secrets",
            description = "After it answered `unreadable: 0` the old key may be taken out of the configuration.")
    @APIResponse(responseCode = "200", description = "How many were sealed anew.")
    @APIResponse(responseCode = "403", description = "`admin_only`, `missing_scope` or `read_only`.")
    public Resealed reseal(@Context SecurityContext security) {
        var by = Audit.By.of(Refusals.admin(Caller.of(security)), RequestId.of(request));
        var done = new SealKeeper.Resealed(0, 0);
        for (var keeper : keepers) {
            done = done.plus(keeper.reseal(by));
        }
        return new Resealed(done.resealed(), done.unreadable());
    }
}
