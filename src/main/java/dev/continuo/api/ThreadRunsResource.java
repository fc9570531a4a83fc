package dev.continuo.api;

import dev.continuo.run.RunQueries;
import dev.continuo.thread.Threads;
import dev.continuo.web.Ids;
import dev.continuo.web.Json;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/threads/{t}/runs")
@Singleton
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Runs")
public class ThreadRunsResource {
    private final RunQueries runs;
    private final Threads threads;
    private final Json json;

    @Inject
    public ThreadRunsResource(RunQueries runs, Threads threads, Json json) {
        this.runs = runs;
        this.threads = threads;
        this.json = json;
    }

    @GET
    @Operation(summary = "List a thread's runs, the queue and the history, newest first")
    @APIResponse(responseCode = "200", description = "A page of them.")
    @APIResponse(responseCode = "404", description = "`unknown_thread`: unknown, or not yours.")
    public RunJson.Listed list(
            @Context SecurityContext security,
            @PathParam("t") String t,
            @Parameter(description = "Only those in this state; queued: what waits for its turn") @QueryParam("state")
                    String state,
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
        if (cursor != null && !cursor.matches("[0-9]{1,18}")) {
            throw Refusals.badCursor();
        }
        var viewer = Viewers.of(security);
        var thread = threads.find(viewer, Ids.checked(t)).orElseThrow(Refusals::unknownThread);
        var page = runs.ofThread(
                viewer,
                thread.id(),
                Optional.ofNullable(state).map(RunStates::checked),
                Optional.ofNullable(cursor),
                Refusals.limit(limit, 50, 200));
        return new RunJson.Listed(
                page.items().stream().map(r -> RunJson.of(r, json)).toList(), page.next());
    }
}
