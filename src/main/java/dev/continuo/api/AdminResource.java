package dev.continuo.api;

import dev.continuo.identity.Audit;
import dev.continuo.identity.Audited;
import dev.continuo.identity.Caller;
import dev.continuo.identity.Needs;
import dev.continuo.identity.Scope;
import dev.continuo.nats.Hints;
import dev.continuo.node.NodeId;
import dev.continuo.run.Nodes;
import dev.continuo.run.Releases;
import dev.continuo.run.RunQueries;
import dev.continuo.thread.Reach;
import dev.continuo.thread.TimeCursor;
import dev.continuo.thread.Viewer;
import dev.continuo.web.Ids;
import dev.continuo.web.Json;
import dev.continuo.web.Problem;
import dev.continuo.web.RequestId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Operators see where runs are, and never what is said in them. */
@Path("/admin")
@Singleton
@Needs(Scope.OPS)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Operation", description = "The cluster and its runs. Scope: ops.")
public class AdminResource {
    private final Nodes nodes;
    private final RunQueries runs;
    private final Releases releases;
    private final Hints hints;
    private final Audited audited;
    private final NodeId me;
    private final Json json;

    @Context
    private HttpServletRequest request;

    @Inject
    public AdminResource(
            Nodes nodes, RunQueries runs, Releases releases, Hints hints, Audited audited, NodeId me, Json json) {
        this.nodes = nodes;
        this.runs = runs;
        this.releases = releases;
        this.hints = hints;
        this.audited = audited;
        this.me = me;
        this.json = json;
    }

    @Schema(name = "DrainAsked")
    public record DrainAsked(String id, boolean drainAsked) {}

    @Schema(name = "Released")
    public record Released(UUID id, String state) {}

    @GET
    @Path("/nodes")
    @Operation(summary = "List the nodes, the living first; the dead stay for an hour")
    public NodeJson.Listed nodes() {
        return new NodeJson.Listed(
                nodes.list().stream().map(n -> NodeJson.of(n, me, json)).toList());
    }

    @POST
    @Path("/nodes/{n}/drain")
    @Operation(summary = "Ask a node to leave: it claims nothing more, ends or hands over what it has")
    @APIResponse(
            responseCode = "202",
            description = "It learns of it with its next beat. There is no way back.",
            content = @Content(schema = @Schema(implementation = DrainAsked.class)))
    @APIResponse(responseCode = "404", description = "`unknown_node`: no living node of that name.")
    public Response drain(@Context SecurityContext security, @PathParam("n") String n) {
        if (!audited.step(by(security), "node.drain", n, () -> nodes.askDrain(n), done -> word(done, "asked"))) {
            throw Problem.of(404, "unknown_node", "No living node has this name. GET /api/admin/nodes lists them.");
        }
        return Response.accepted(new DrainAsked(n, true)).build();
    }

    @GET
    @Path("/runs")
    @Operation(summary = "List the organisation's runs, newest first")
    public RunJson.Listed runs(
            @Context SecurityContext security,
            @QueryParam("state") String state,
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
        var page = runs.ofOrganisation(
                everything(security),
                Optional.ofNullable(state).map(RunStates::checked),
                Optional.ofNullable(cursor),
                Refusals.limit(limit, 50, 200));
        return new RunJson.Listed(
                page.items().stream().map(r -> RunJson.of(r, json)).toList(), page.next());
    }

    @POST
    @Path("/runs/{r}/release")
    @Operation(summary = "Take a run away from its node; another one, or the same, continues it")
    @APIResponse(
            responseCode = "202",
            description = "It is queued again, in its place.",
            content = @Content(schema = @Schema(implementation = Released.class)))
    @APIResponse(responseCode = "404", description = "`unknown_run`")
    @APIResponse(responseCode = "409", description = "`not_running`: nobody has it.")
    public Response release(@Context SecurityContext security, @PathParam("r") String r) {
        var viewer = everything(security);
        var run = Ids.ours(r).flatMap(id -> runs.find(viewer, id)).orElseThrow(Refusals::unknownRun);
        if (!audited.step(
                by(security),
                "run.release",
                run.id().toString(),
                () -> releases.takeAway(run.org(), run.id()),
                done -> word(done, "done"))) {
            throw Problem.of(409, "not_running", "No node has this run now. There is nothing to release.");
        }
        hints.lookNow();
        return Response.accepted(new Released(run.id(), "queued")).build();
    }

    private static Optional<String> word(boolean done, String word) {
        return done ? Optional.of(word) : Optional.empty();
    }

    private Audit.By by(SecurityContext security) {
        return Audit.By.of(Caller.of(security), RequestId.of(request));
    }

    private static Viewer everything(SecurityContext security) {
        var caller = Caller.of(security);
        return new Viewer(caller.org(), caller.subject(), Reach.ORGANISATION);
    }
}
