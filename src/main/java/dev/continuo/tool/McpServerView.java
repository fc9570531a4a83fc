package dev.continuo.tool;

import dev.continuo.tool.McpServer.Auth;
import dev.continuo.tool.McpServer.Transport;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An MCP server as it is shown: everything but its bearer. */
@Schema(name = "McpServer")
public record McpServerView(
        String name,

        @Schema(enumeration = {"http", "stdio"}) String transport,

        Optional<String> url,

        @Schema(enumeration = {"set", "missing", "none"}) String bearer,

        Optional<String> command,
        Optional<List<String>> args,
        int timeoutSeconds,
        Optional<List<String>> allowedTools,
        Optional<Integer> outputBytes) {
    static McpServerView of(McpServer server) {
        var cap = server.outputBytes().isPresent()
                ? Optional.of(server.outputBytes().getAsInt())
                : Optional.<Integer>empty();
        int timeout = (int) server.timeout().toSeconds();
        return switch (server.transport()) {
            case Transport.Http http ->
                new McpServerView(
                        server.name(),
                        "http",
                        Optional.of(http.url()),
                        http.auth() == Auth.NONE ? "none" : http.lacksBearer() ? "missing" : "set",
                        Optional.empty(),
                        Optional.empty(),
                        timeout,
                        server.allowed(),
                        cap);
            case Transport.Stdio(var command, var args) ->
                new McpServerView(
                        server.name(),
                        "stdio",
                        Optional.empty(),
                        "none",
                        Optional.of(command),
                        Optional.of(args),
                        timeout,
                        server.allowed(),
                        cap);
        };
    }
}
