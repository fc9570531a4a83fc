package dev.continuo.identity;

import dev.continuo.web.Ids;
import dev.continuo.web.Problem;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/tickets")
@Singleton
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Tickets", description = "For EventSource, which cannot send headers.")
public class TicketsResource {
    private static final Pattern STREAM =
            Pattern.compile("/api/(?:(?:threads|runs)/([^/?#]+)/attach|chat/([^/?#]+)/stream|events)");

    private final Tickets tickets;

    @Inject
    public TicketsResource(Tickets tickets) {
        this.tickets = tickets;
    }

    @Schema(name = "NewTicket")
    public record TicketRequest(
            @Schema(required = true, description = "A path, such as /api/threads/my-thread/attach")
            String resource) {}

    @Schema(name = "Ticket")
    public record Issued(String ticket, String resource, int openWithinSeconds) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Get a ticket for one stream",
            description = "Add it as ?ticket= to exactly this path within 30 s. After that it opens only reconnects "
                    + "that carry Last-Event-ID, until the stream's life ends.")
    @APIResponse(
            responseCode = "201",
            description = "The ticket, this once.",
            content = @Content(schema = @Schema(implementation = Issued.class)))
    @APIResponse(responseCode = "400", description = "`bad_resource` or `bad_id`")
    public Response issue(@Context SecurityContext security, TicketRequest body) {
        var stream = STREAM.matcher(body.resource() == null ? "" : body.resource());
        if (!stream.matches()) {
            throw Problem.of(
                            400,
                            "bad_resource",
                            "A ticket is for one stream. Name it: /api/threads/{id}/attach, /api/runs/{id}/attach, "
                                    + "/api/chat/{id}/stream or /api/events, without a query.")
                    .at("resource");
        }
        for (int group = 1; group <= stream.groupCount(); group++) {
            if (stream.group(group) != null) {
                Ids.checked(stream.group(group));
            }
        }
        var ticket = tickets.issue(Caller.of(security), body.resource());
        return Response.status(201)
                .entity(new Issued(ticket.text(), body.resource(), 30))
                .build();
    }
}
