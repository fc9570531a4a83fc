package dev.continuo.tool;

import dev.continuo.secrets.Credential;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The body of {@code PUT /api/mcp-servers/{m}}. */
@Schema(name = "McpServerRequest")
public record McpServerRequest(
        @Schema(
                required = true,
                enumeration = {"http", "stdio"})
        String transport,

        @Schema(
                description =
                        "Of a server that speaks streamable HTTP: https://…/mcp. Another scheme, host or port clears the bearer")
        String url,

        @Schema(
                enumeration = {"bearer", "none"},
                description = "none drops the bearer; bearer where one is sent or was kept")
        String auth,

        @Schema(
                implementation = String.class,
                writeOnly = true,
                description = "Sent as Authorization: Bearer …; kept where it is left out and the address stays")
        Credential bearer,

        @Schema(description = "A name that the operator allows: continuo.mcp.commands")
        String command,

        @Schema(description = "What follows the operator's words")
        List<String> args,

        @Schema(minimum = "1", maximum = "600", defaultValue = "60", description = "Of one call")
        Integer timeoutSeconds,

        @Schema(description = "The tools that are offered, by the server's names; all where it is left out")
        List<String> allowedTools,

        @Schema(description = "What a model is shown of one output at most")
        Integer outputBytes) {}
