package dev.continuo.tool;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.continuo.egress.BaseUrl;
import dev.continuo.egress.Egress;
import dev.continuo.json.Mappers;
import dev.continuo.secrets.Credential;
import dev.continuo.secrets.Seal;
import dev.continuo.secrets.Unreadable;
import dev.continuo.tool.McpServer.Transport;
import dev.continuo.tool.Toolboxes.Unavailable;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson2.JacksonMcpJsonMapper;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Makes connections to MCP servers; nothing is sent before one is opened. */
@Singleton
class McpDoor {
    private static final int DEPTH = 100;
    private static final Duration GRACE = Duration.ofSeconds(1);
    /** They repeat what servers say; what went wrong is told by us. Held, or their levels would be forgotten. */
    private static final List<Logger> SILENT =
            List.of(Logger.getLogger("io.modelcontextprotocol"), Logger.getLogger("reactor"));

    static {
        SILENT.forEach(logger -> logger.setLevel(Level.OFF));
    }

    private final Egress egress;
    private final Seal seal;
    private final Commands commands;
    private final McpSettings settings;
    private final McpJsonMapper json;
    private final Semaphore processes;

    @Inject
    McpDoor(Egress egress, Seal seal, Commands commands, McpSettings settings) {
        this.egress = egress;
        this.seal = seal;
        this.commands = commands;
        this.settings = settings;
        this.processes = new Semaphore(settings.processes());
        this.json = new JacksonMcpJsonMapper(JsonMapper.builder(Mappers.factory()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(DEPTH)
                                .maxStringLength(settings.responseBytes())
                                .build())
                        .build())
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build());
    }

    McpConnection to(McpServer server) throws Unavailable {
        return switch (server.transport()) {
            case Transport.Http http -> to(server, http);
            case Transport.Stdio stdio -> to(server, stdio);
        };
    }

    private McpConnection to(McpServer server, Transport.Stdio stdio) throws Unavailable {
        var line = commands.line(stdio.command(), stdio.args())
                .orElseThrow(() -> new Unavailable(
                        "The command of the MCP server '" + server.name()
                                + "' is not among continuo.mcp.commands any more.",
                        null));
        if (!processes.tryAcquire()) {
            throw new Unavailable("This node runs as many MCP servers as it may: continuo.mcp.processes.", null);
        }
        var pipe = new Pipe(server.name(), line, json, settings.responseBytes());
        pipe.broken().whenComplete((_, _) -> processes.release());
        return new McpConnection(server, new Outgoing(pipe), pipe.broken(), pipe::drop, settings.openTimeout());
    }

    private McpConnection to(McpServer server, Transport.Http http) throws Unavailable {
        var url = BaseUrl.parse(http.url());
        var client = new GuardedHttp(
                egress,
                bearer(server, http),
                longer(server.timeout(), settings.openTimeout()).plus(GRACE));
        var transport = HttpClientStreamableHttpTransport.builder(url.scheme() + "://" + url.authority())
                .endpoint(url.path().isEmpty() ? "/" : url.path())
                .clientBuilder(client.asBuilder())
                .jsonMapper(json)
                .resumableStreams(false)
                .openConnectionOnStartup(false)
                .maxResponseSize(settings.responseBytes())
                .build();
        return new McpConnection(
                server, new Outgoing(transport), new CompletableFuture<>(), client::drop, settings.openTimeout());
    }

    private Optional<Credential> bearer(McpServer server, Transport.Http http) throws Unavailable {
        if (http.lacksBearer()) {
            throw new Unavailable(
                    "The MCP server '" + server.name()
                            + "' has lost its bearer, because its address changed. An admin sets it anew.",
                    null);
        }
        if (http.sealedBearer().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(seal.open(http.sealedBearer().get(), server.place()));
        } catch (Unreadable e) {
            throw new Unavailable("The bearer of the MCP server '" + server.name() + "' cannot be opened here.", e);
        }
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }
}
