package dev.continuo.watch;

import dev.continuo.attach.Entitlement;
import dev.continuo.attach.Watchers;
import dev.continuo.identity.Caller;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.sse.SseEventSink;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The state of the caller's conversations, as it changes. */
@Path("events")
@Singleton
@Tag(name = "streams")
public class EventsResource {
    private final Board board;
    private final Watchers watchers;
    private final Entitlement entitlement;

    @Inject
    public EventsResource(Board board, Watchers watchers, Entitlement entitlement) {
        this.board = board;
        this.watchers = watchers;
        this.entitlement = entitlement;
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(
            summary = "Watch the state of your threads",
            description =
                    "Server-sent events without ids, each `{thread, run, state, title, waiting, edits}`: first all unfinished "
                            + "threads and those that changed in the last minutes, then changes. A finished state is told "
                            + "once its message can be read.")
    @APIResponse(
            responseCode = "200",
            description = "events `thread` and `reconnect`",
            content =
                    @Content(mediaType = MediaType.SERVER_SENT_EVENTS, schema = @Schema(implementation = String.class)))
    @APIResponse(responseCode = "429", description = "`too_many_streams`")
    public void events(@Context SecurityContext security, @Context SseEventSink sink) {
        var caller = Caller.of(security);
        watchers.open(sink, caller, new EventsFeed(caller, board), entitlement.during(caller));
    }
}
