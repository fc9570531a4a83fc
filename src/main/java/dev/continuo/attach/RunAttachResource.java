package dev.continuo.attach;

import dev.continuo.identity.Caller;
import dev.continuo.log.Cursor;
import dev.continuo.log.RunSnapshot;
import dev.continuo.log.Terminal;
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
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.sse.SseEventSink;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** One run as a native stream, finished ones too. The same on every node. */
@Path("runs/{r}/attach")
@Singleton
@Tag(name = "streams")
public class RunAttachResource {
    private final Entitlement entitlement;
    private final StoredRuns stored;
    private final Tails tails;
    private final Answers answers;
    private final Watchers watchers;

    @Inject
    public RunAttachResource(
            Entitlement entitlement, StoredRuns stored, Tails tails, Answers answers, Watchers watchers) {
        this.entitlement = entitlement;
        this.stored = stored;
        this.tails = tails;
        this.answers = answers;
        this.watchers = watchers;
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(
            summary = "Watch one run",
            description = "Server-sent events of one run, finished ones too; ends after its `terminal`. With "
                    + "`visibility=committed` only what no crash can take back.")
    @APIResponse(
            responseCode = "200",
            description = "the stream; see docs/protocol.md for its events",
            content =
                    @Content(mediaType = MediaType.SERVER_SENT_EVENTS, schema = @Schema(implementation = String.class)))
    @APIResponse(responseCode = "204", description = "the cursor already has the terminal")
    @APIResponse(responseCode = "404", description = "`unknown_run`")
    @APIResponse(responseCode = "429", description = "`too_many_streams`")
    public void run(
            @PathParam("r") String id,
            @HeaderParam("Last-Event-ID") String header,
            @QueryParam("lastEventId") String query,
            @QueryParam("visibility") String wanted,
            @Context SecurityContext security,
            @Context SseEventSink sink) {
        var caller = Caller.of(security);
        var run = Ids.ours(id)
                .flatMap(ours -> stored.snapshot(ours, Integer.MAX_VALUE))
                .filter(s -> entitlement.find(caller, s.thread().toString()).isPresent())
                .orElseThrow(() -> Problem.of(
                        404,
                        "unknown_run",
                        "There is no such run for you. GET /api/threads/{id}/runs lists those of a thread."));
        var cursor = LastEvent.of(header, query).flatMap(Cursor::parse).filter(c -> c.run()
                .equals(run.run()));
        if (cursor.filter(c -> hasTheEnd(c, run)).isPresent()) {
            throw new WebApplicationException(Response.noContent().build());
        }
        var visibility = visibility(wanted);
        From from = cursor.<From>map(From.At::new).orElseGet(From::start);
        var feed = new RunFeed(signal -> tails.read(run.thread(), run.run(), visibility, from, signal), answers);
        watchers.open(sink, caller, feed, entitlement.during(caller, run.thread()));
    }

    private static boolean hasTheEnd(Cursor c, RunSnapshot run) {
        return c.isEnd()
                && run.terminal()
                        .map(Terminal::epoch)
                        .filter(e -> e == c.epoch())
                        .isPresent();
    }

    private static Visibility visibility(String wanted) {
        return switch (wanted == null ? "live" : wanted) {
            case "live" -> Visibility.LIVE;
            case "committed" -> Visibility.COMMITTED;
            default ->
                throw Problem.of(
                        400, "bad_visibility", "The visibility of a stream is 'live' or 'committed'. Use one of them.");
        };
    }
}
