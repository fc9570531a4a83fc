package dev.continuo.api;

import dev.continuo.catalog.Catalog;
import dev.continuo.identity.Audit;
import dev.continuo.identity.Audited;
import dev.continuo.identity.Caller;
import dev.continuo.nats.Hints;
import dev.continuo.thread.ThreadChange;
import dev.continuo.thread.ThreadDeletion;
import dev.continuo.thread.ThreadFilter;
import dev.continuo.thread.ThreadRow;
import dev.continuo.thread.Threads;
import dev.continuo.thread.TimeCursor;
import dev.continuo.thread.Viewer;
import dev.continuo.usage.Spending;
import dev.continuo.web.Ids;
import dev.continuo.web.Problem;
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
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/threads")
@Singleton
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Threads", description = "Conversations: private to their creator; the role admin reads all.")
public class ThreadsResource {
    private final Threads threads;
    private final ThreadDeletion deletion;
    private final Catalog catalog;
    private final Spending spending;
    private final Hints hints;
    private final Audited audited;

    @Context
    private HttpServletRequest request;

    @Inject
    public ThreadsResource(
            Threads threads,
            ThreadDeletion deletion,
            Catalog catalog,
            Spending spending,
            Hints hints,
            Audited audited) {
        this.threads = threads;
        this.deletion = deletion;
        this.catalog = catalog;
        this.spending = spending;
        this.hints = hints;
        this.audited = audited;
    }

    @Schema(name = "NewThread")
    public record NewThread(
            @Schema(description = "The client's own id, unique in its organisation")
            String id,

            String title,
            String agent) {}

    @Schema(name = "ThreadPatch")
    public record ThreadPatch(String title, String agent, Boolean archived) {}

    @Schema(name = "Threads")
    public record ThreadList(List<ThreadView> items, Optional<String> next) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Make a thread; idempotent on the client's id")
    @APIResponse(
            responseCode = "201",
            description = "Made now.",
            headers =
                    @Header(
                            name = "Location",
                            description = "The thread",
                            schema = @Schema(implementation = String.class)),
            content = @Content(schema = @Schema(implementation = ThreadView.class)))
    @APIResponse(
            responseCode = "200",
            description = "It was there already and is unchanged.",
            content = @Content(schema = @Schema(implementation = ThreadView.class)))
    @APIResponse(responseCode = "409", description = "`id_taken`: another member of the organisation has this id.")
    public Response create(@Context SecurityContext security, NewThread body) {
        var viewer = Viewers.of(security);
        var clientId = Optional.ofNullable(body.id()).map(Ids::checked);
        var first = new ThreadChange(title(body.title()), agent(viewer, body.agent()), Optional.empty());
        var known = clientId.flatMap(id -> threads.find(viewer, id));
        if (known.isPresent()) {
            return Response.ok(shown(known.get())).build();
        }
        var made = threads.create(viewer, clientId, first).orElseThrow(() -> Problem.of(
                        409, "id_taken", "Another member of your organisation has a thread of this id. Use another.")
                .at("id"));
        hints.threadChanged(made.org(), made.id());
        return Response.status(201)
                .header("Location", "/api/threads/" + made.shownId())
                .entity(shown(made))
                .build();
    }

    @GET
    @Operation(summary = "List threads, last changed first")
    public ThreadList list(
            @Context SecurityContext security,
            @Parameter(description = "A part of the title, or the beginnings of words of one message") @QueryParam("q")
                    String q,
            @QueryParam("state") String state,
            @QueryParam("agent") String agent,
            @Parameter(description = "true: the archived ones instead") @QueryParam("archived") String archived,
            @QueryParam("cursor") String cursor,
            @QueryParam("limit")
                    @Parameter(
                            schema =
                                    @Schema(
                                            type = SchemaType.INTEGER,
                                            minimum = "1",
                                            maximum = "200",
                                            defaultValue = "50"))
                    String limit) {
        if (cursor != null && TimeCursor.parse(cursor).isEmpty()) {
            throw Refusals.badCursor();
        }
        var filter = new ThreadFilter(
                Optional.ofNullable(q),
                Optional.ofNullable(state).map(RunStates::checked),
                Optional.ofNullable(agent),
                shelf(archived == null ? "false" : archived));
        var page =
                threads.list(Viewers.of(security), filter, Optional.ofNullable(cursor), Refusals.limit(limit, 50, 200));
        return new ThreadList(page.items().stream().map(ThreadView::of).toList(), page.next());
    }

    @GET
    @Path("/{t}")
    @Operation(summary = "Read a thread")
    @APIResponse(responseCode = "200", description = "The thread.")
    @APIResponse(responseCode = "404", description = "`unknown_thread`: unknown, or not yours.")
    public ThreadView read(@Context SecurityContext security, @PathParam("t") String t) {
        return shown(thread(Viewers.of(security), t));
    }

    @PATCH
    @Path("/{t}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Rename, archive or bring back a thread; what is left out stays")
    @APIResponse(responseCode = "200", description = "The thread as it is now.")
    @APIResponse(responseCode = "404", description = "`unknown_thread`: unknown, or not your own.")
    public ThreadView change(@Context SecurityContext security, @PathParam("t") String t, ThreadPatch body) {
        var viewer = Viewers.of(security);
        var change = new ThreadChange(
                title(body.title()),
                agent(viewer, body.agent()),
                Optional.ofNullable(body.archived()).map(a -> shelf(a.toString())));
        var changed = threads.change(viewer, thread(viewer, t).id(), change).orElseThrow(Refusals::unknownThread);
        hints.threadChanged(changed.org(), changed.id());
        return shown(changed);
    }

    @DELETE
    @Path("/{t}")
    @Operation(summary = "Delete a thread with its messages and runs; what is at work stops")
    @APIResponse(responseCode = "204", description = "It is gone.")
    @APIResponse(responseCode = "404", description = "`unknown_thread`: unknown, or not your own.")
    public void delete(@Context SecurityContext security, @PathParam("t") String t) {
        var caller = Caller.of(security);
        var viewer = Viewers.of(caller);
        var found = thread(viewer, t);
        var unfinished = audited.step(
                        Audit.By.of(caller, RequestId.of(request)),
                        "thread.delete",
                        found.id().toString(),
                        () -> deletion.delete(viewer, found.id()),
                        gone -> gone.map(_ -> "done"))
                .orElseThrow(Refusals::unknownThread);
        unfinished.forEach(hints::cancelRequested);
        hints.threadChanged(found.org(), found.id());
    }

    private ThreadRow thread(Viewer viewer, String t) {
        return threads.find(viewer, Ids.checked(t)).orElseThrow(Refusals::unknownThread);
    }

    private ThreadView shown(ThreadRow row) {
        return ThreadView.of(row, Optional.of(UsageView.of(spending.ofThread(row.id()))));
    }

    private Optional<String> agent(Viewer viewer, String agent) {
        if (agent != null && !catalog.hasAgent(viewer.org(), agent)) {
            throw Refusals.badValue("agent", "There is no such agent. GET /api/agents lists them.");
        }
        return Optional.ofNullable(agent);
    }

    private static Optional<String> title(String title) {
        return Optional.ofNullable(title).map(t -> Refusals.text("title", t, 200));
    }

    private static ThreadFilter.Shelf shelf(String archived) {
        return switch (archived) {
            case "true" -> ThreadFilter.Shelf.ARCHIVED;
            case "false" -> ThreadFilter.Shelf.CURRENT;
            default -> throw Refusals.badValue("archived", "archived is true or false. Send one of them.");
        };
    }
}
