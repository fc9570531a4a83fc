package dev.continuo.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.identity.Audit;
import dev.continuo.identity.Caller;
import dev.continuo.identity.Needs;
import dev.continuo.identity.Scope;
import dev.continuo.web.RequestId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/mcp-servers")
@Singleton
@Produces(MediaType.APPLICATION_JSON)
@Tag(
        name = "Tools",
        description = "MCP servers that agents may use. Changes need the role admin and the scope catalog.")
public class McpServersResource {
    private final McpServers servers;
    private final McpProbe probe;

    @Context
    private HttpServletRequest request;

    @Inject
    public McpServersResource(McpServers servers, McpProbe probe) {
        this.servers = servers;
        this.probe = probe;
    }

    @Schema(name = "McpServers")
    public record Listed(List<McpServerView> items) {}

    @Schema(name = "McpProbe")
    public record Probed(
            @Schema(enumeration = {"ok", "unreachable"}) String outcome,

            @Schema(description = "Why not, in a sentence") Optional<String> detail,

            List<ProbedTool> tools) {}

    @Schema(name = "McpTool")
    public record ProbedTool(
            @Schema(description = "As the server calls it, and as allowedTools takes it")
            String name,

            @Schema(description = "As a model calls it, where the agent has this server alone")
            String calledAs,

            String description,
            boolean readOnly,
            boolean idempotent,

            @Schema(implementation = Object.class) JsonNode inputSchema) {}

    @GET
    @Operation(summary = "List MCP servers; their bearers are never shown")
    public Listed list(@Context SecurityContext security) {
        return new Listed(servers.all(Caller.of(security).org()).stream()
                .map(McpServerView::of)
                .toList());
    }

    @GET
    @Path("/{m}")
    @Operation(summary = "One MCP server")
    @APIResponse(responseCode = "200", description = "As it is now.")
    @APIResponse(responseCode = "404", description = "`unknown_mcp_server`")
    public McpServerView one(@Context SecurityContext security, @PathParam("m") String m) {
        return McpServerView.of(servers.find(Caller.of(security).org(), Refusals.name(m)));
    }

    @PUT
    @Path("/{m}")
    @Needs(Scope.CATALOG)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Make an MCP server, or make it anew",
            description = "What is left out goes back to its default, but a bearer is kept where the address stays.")
    @APIResponse(responseCode = "200", description = "From the next run on.")
    @APIResponse(
            responseCode = "400",
            description = "A field is unknown, missing or wrong; `field` names it. `bad_base_url`, `command_refused`")
    @APIResponse(responseCode = "409", description = "`too_many_mcp_servers`, `changed_meanwhile` or `no_master_key`.")
    public McpServerView put(@Context SecurityContext security, @PathParam("m") String m, McpServerRequest body) {
        var by = by(security);
        return McpServerView.of(servers.put(Refusals.name(m), body, by));
    }

    @DELETE
    @Path("/{m}")
    @Needs(Scope.CATALOG)
    @Operation(summary = "Delete an MCP server and its bearer")
    @APIResponse(responseCode = "204", description = "It is gone.")
    @APIResponse(responseCode = "404", description = "`unknown_mcp_server`")
    @APIResponse(responseCode = "409", description = "`mcp_server_in_use`: agents name it; `detail` says which.")
    public void delete(@Context SecurityContext security, @PathParam("m") String m) {
        var by = by(security);
        servers.delete(Refusals.name(m), by);
    }

    @POST
    @Path("/{m}/probe")
    @Needs(Scope.CATALOG)
    @Operation(summary = "Connect to an MCP server and list its tools")
    @APIResponse(responseCode = "200", description = "What it listed, or why it could not be asked.")
    @APIResponse(responseCode = "404", description = "`unknown_mcp_server`")
    public Probed probe(@Context SecurityContext security, @PathParam("m") String m) {
        var by = by(security);
        return probe.ask(servers.find(by.org(), Refusals.name(m)));
    }

    private Audit.By by(SecurityContext security) {
        return Audit.By.of(Refusals.admin(Caller.of(security)), RequestId.of(request));
    }
}
