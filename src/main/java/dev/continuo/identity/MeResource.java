package dev.continuo.identity;

import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** So that a page offers nobody what they may not do. Each request is judged anew all the same. */
@Path("/me")
@Singleton
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Keys")
public class MeResource {
    @Schema(name = "Me")
    public record Me(
            String subject,

            @Schema(enumeration = {"admin", "member", "viewer"})
            String role,

            @Schema(description = "chat, ops, keys, catalog")
            List<String> scopes,

            @Schema(description = "When the key or token ends; none: never")
            Optional<Instant> until) {}

    @GET
    @Operation(summary = "Who sends this request, and what they may do")
    @APIResponse(responseCode = "200", description = "By the key or token that came along.")
    public Me me(@Context SecurityContext security) {
        var caller = Caller.of(security);
        return new Me(
                caller.subject(),
                caller.role().apiName(),
                caller.scopes().stream().map(Scope::apiName).sorted().toList(),
                caller.until());
    }
}
