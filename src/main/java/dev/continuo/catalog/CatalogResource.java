package dev.continuo.catalog;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/")
@Singleton
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Catalog", description = "What answers. One of each, from the configuration; read only.")
public class CatalogResource {
    private final Catalog catalog;

    @Inject
    public CatalogResource(Catalog catalog) {
        this.catalog = catalog;
    }

    @Schema(name = "Agents")
    public record Agents(List<Catalog.Agent> items) {}

    @Schema(name = "Tiers")
    public record Tiers(List<Catalog.Tier> items) {}

    @Schema(name = "Providers")
    public record Providers(List<Catalog.Provider> items) {}

    @Schema(name = "McpServers")
    public record McpServers(List<String> items) {}

    @GET
    @Path("/agents")
    @Operation(summary = "List agents")
    public Agents agents() {
        return new Agents(catalog.agents());
    }

    @GET
    @Path("/tiers")
    @Operation(summary = "List model tiers")
    public Tiers tiers() {
        return new Tiers(catalog.tiers());
    }

    @GET
    @Path("/providers")
    @Operation(summary = "List providers; their keys are never shown")
    public Providers providers() {
        return new Providers(catalog.providers());
    }

    @GET
    @Path("/mcp-servers")
    @Operation(summary = "List MCP servers; there are none yet")
    public McpServers mcpServers() {
        return new McpServers(List.of());
    }
}
