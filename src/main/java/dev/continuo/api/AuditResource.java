package dev.continuo.api;

import dev.continuo.identity.Audit;
import dev.continuo.identity.Caller;
import dev.continuo.identity.Needs;
import dev.continuo.identity.Role;
import dev.continuo.identity.Scope;
import dev.continuo.thread.Page;
import dev.continuo.web.Problem;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Who has keys to give away sees what was done with them. */
@Path("/admin/audit")
@Singleton
@Needs(Scope.KEYS)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Audit", description = "What was done in the organisation. Role: admin, scope: keys.")
public class AuditResource {
    private final Audit audit;

    @Inject
    public AuditResource(Audit audit) {
        this.audit = audit;
    }

    @Schema(name = "Audit")
    public record Listed(List<Entry> items, Optional<String> next) {}

    @Schema(name = "AuditEntry")
    public record Entry(
            Instant at,
            String subject,

            @Schema(description = "Such as key.create, thread.delete, run.cancel, provider.change, node.drain")
            String action,

            Optional<String> target,
            String result,

            @Schema(description = "The X-Request-Id of the request that did it")
            Optional<String> requestId) {
        static Entry of(Audit.Entry e) {
            return new Entry(e.at(), e.subject(), e.action(), e.target(), e.result(), e.requestId());
        }
    }

    @GET
    @Operation(
            summary = "List what was done, newest first; `next` leads to older entries",
            description =
                    "Changes of keys, providers, tiers, agents, nodes, and runs and threads that were ended; never "
                            + "what was said. Nothing is ever changed or removed here.")
    @APIResponse(responseCode = "200", description = "A page of it.")
    @APIResponse(responseCode = "403", description = "`admin_only` or `missing_scope`.")
    public Listed list(
            @Context SecurityContext security,
            @Parameter(description = "Only this action, such as key.create, or all that begin so, such as key")
                    @QueryParam("action")
                    String action,
            @Parameter(description = "Only what this subject did") @QueryParam("subject") String subject,
            @QueryParam("cursor") String cursor,
            @QueryParam("limit")
                    @Parameter(
                            schema =
                                    @Schema(
                                            type = SchemaType.INTEGER,
                                            minimum = "1",
                                            maximum = "200",
                                            defaultValue = "50"))
                    String asked) {
        var caller = Caller.of(security);
        if (caller.role() != Role.ADMIN) {
            throw Problem.of(403, "admin_only", "Only admins see what was done. Ask one, or use an admin's key.");
        }
        if (cursor != null && !cursor.matches("[0-9]{1,18}")) {
            throw Refusals.badCursor();
        }
        if (action != null && !action.matches("[a-z.-]{1,64}")) {
            throw Refusals.badValue("action", "An action is like key or key.create. Send such a one, or leave it out.");
        }
        int limit = Refusals.limit(asked, 50, 200);
        var filter = new Audit.Filter(Optional.ofNullable(action), Optional.ofNullable(subject));
        long before = cursor == null ? Long.MAX_VALUE : Long.parseLong(cursor);
        var page = Page.of(audit.list(caller.org(), filter, before, limit + 1), limit, e -> Long.toString(e.id()));
        return new Listed(page.items().stream().map(Entry::of).toList(), page.next());
    }
}
