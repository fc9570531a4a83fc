package dev.continuo.attach;

import dev.continuo.identity.Caller;
import dev.continuo.web.Ids;
import dev.continuo.web.Problem;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.sse.SseEventSink;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** A thread as a native stream, run after run. The same on every node. */
@Path("threads/{t}/attach")
@Singleton
@Tag(name = "streams")
public class ThreadAttachResource {
    private final Entitlement entitlement;
    private final Tails tails;
    private final Lines lines;
    private final Answers answers;
    private final Watchers watchers;

    @Inject
    public ThreadAttachResource(Entitlement entitlement, Tails tails, Lines lines, Answers answers, Watchers watchers) {
        this.entitlement = entitlement;
        this.tails = tails;
        this.lines = lines;
        this.answers = answers;
        this.watchers = watchers;
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(
            summary = "Follow a thread",
            description = "Server-sent events across runs: replays the run in flight, or sends `open`, then follows. "
                    + "With `Last-Event-ID` or `lastEventId` exactly after that event; `0` is the thread's start.")
    @APIResponse(
            responseCode = "200",
            description = "the stream; see docs/protocol.md for its events",
            content =
                    @Content(mediaType = MediaType.SERVER_SENT_EVENTS, schema = @Schema(implementation = String.class)))
    @APIResponse(responseCode = "404", description = "`unknown_thread`")
    @APIResponse(responseCode = "429", description = "`too_many_streams`")
    public void thread(
            @PathParam("t") String id,
            @HeaderParam("Last-Event-ID") String header,
            @QueryParam("lastEventId") String query,
            @Context SecurityContext security,
            @Context SseEventSink sink) {
        var caller = Caller.of(security);
        var thread = entitlement
                .find(caller, Ids.checked(id))
                .orElseThrow(() -> Problem.of(
                        404, "unknown_thread", "There is no such thread for you. GET /api/threads lists yours."));
        var feed = new ThreadFeed(thread.id(), thread.shownId(), LastEvent.of(header, query), tails, lines, answers);
        watchers.open(sink, caller, feed, entitlement.during(caller, thread.id()));
    }
}
