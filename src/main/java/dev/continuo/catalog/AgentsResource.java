package dev.continuo.catalog;

import dev.continuo.identity.Audit;
import dev.continuo.identity.Caller;
import dev.continuo.identity.Needs;
import dev.continuo.identity.Scope;
import dev.continuo.web.Ids;
import dev.continuo.web.Problem;
import dev.continuo.web.RequestId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/agents")
@Singleton
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Catalog", description = "What answers. Changes need the role admin and the scope catalog.")
public class AgentsResource {
    private static final int MOST = 1_000;

    private final CatalogRows rows;
    private final CatalogSteps steps;
    private final Catalog catalog;

    @Context
    private HttpServletRequest request;

    @Inject
    public AgentsResource(CatalogRows rows, CatalogSteps steps, Catalog catalog) {
        this.rows = rows;
        this.steps = steps;
        this.catalog = catalog;
    }

    @Schema(name = "Agents")
    public record Listed(List<View> items) {}

    @Schema(name = "Agent")
    public record View(
            String id,
            Optional<String> instructions,
            Optional<String> tier,
            Optional<Double> temperature,
            Optional<Integer> historyMessages,
            int stepLimit,

            @Schema(enumeration = {"auto", "readonly", "ask"})
            String approval,

            List<String> tools) {
        static View of(Agent a) {
            return new View(
                    a.id(),
                    Optional.of(a.instructions()).filter(text -> !text.isEmpty()),
                    a.tier(),
                    a.temperature().isPresent() ? Optional.of(a.temperature().getAsDouble()) : Optional.empty(),
                    a.history().isPresent() ? Optional.of(a.history().getAsInt()) : Optional.empty(),
                    a.tools().stepLimit(),
                    a.tools().approval().apiName(),
                    a.tools().tools());
        }
    }

    @GET
    @Operation(
            summary = "List agents",
            description =
                    "`default` is always there; it answers where a message names none, and may be given instructions.")
    public Listed list(@Context SecurityContext security) {
        var own = catalog.offer(Caller.of(security).org()).agents();
        var all = Stream.concat(
                own.containsKey(Catalog.DEFAULT) ? Stream.empty() : Stream.of(Agent.plain(Catalog.DEFAULT)),
                own.values().stream());
        return new Listed(all.sorted(java.util.Comparator.comparing(Agent::id))
                .map(View::of)
                .toList());
    }

    @GET
    @Path("/{a}")
    @Operation(summary = "Read an agent")
    @APIResponse(responseCode = "200", description = "The agent.")
    @APIResponse(responseCode = "404", description = "`unknown_agent`")
    public View one(@Context SecurityContext security, @PathParam("a") String a) {
        var wish = new Wish(Optional.of(Ids.checked(a)), Optional.empty(), Optional.empty());
        return catalog.offer(Caller.of(security).org())
                .agent(wish)
                .map(View::of)
                .orElseThrow(AgentsResource::unknown);
    }

    @PUT
    @Path("/{a}")
    @Needs(Scope.CATALOG)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Make an agent, or make it anew")
    @APIResponse(responseCode = "200", description = "From its next run on.")
    @APIResponse(responseCode = "400", description = "A field is unknown, missing or wrong; `field` names it.")
    @APIResponse(responseCode = "409", description = "`too_many_agents`")
    public View put(@Context SecurityContext security, @PathParam("a") String a, AgentRequest body) {
        var by = by(security);
        var agent = body.checked(Ids.checked(a));
        var agents = rows.offer(by.org()).agents();
        if (agents.size() >= MOST && !agents.containsKey(agent.id())) {
            throw Problem.of(409, "too_many_agents", "An organisation has up to " + MOST + " agents. Delete one.");
        }
        steps.put(by.org(), agent, by);
        catalog.forget(by.org());
        return View.of(agent);
    }

    @DELETE
    @Path("/{a}")
    @Needs(Scope.CATALOG)
    @Operation(summary = "Delete an agent; messages that name it are refused")
    @APIResponse(responseCode = "204", description = "It is gone.")
    @APIResponse(responseCode = "404", description = "`unknown_agent`")
    public void delete(@Context SecurityContext security, @PathParam("a") String a) {
        var by = by(security);
        if (!steps.deleteAgent(by.org(), Ids.checked(a), by)) {
            throw unknown();
        }
        catalog.forget(by.org());
    }

    private static Problem unknown() {
        return Problem.of(404, "unknown_agent", "Your organisation has no such agent. GET /api/agents lists them.");
    }

    private Audit.By by(SecurityContext security) {
        return Audit.By.of(Refusals.admin(Caller.of(security)), RequestId.of(request));
    }
}
