package dev.continuo.catalog;

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
@Tag(name = "Catalog", description = "What answers. Changes need the role admin and the scope catalog.")
public class CatalogResource {
    @Schema(name = "McpServers")
    public record McpServers(List<String> items) {}

    @GET
    @Path("/mcp-servers")
    @Operation(summary = "List MCP servers; there are none yet")
    public McpServers mcpServers() {
        return new McpServers(List.of());
    }
}
