package dev.continuo.tool;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.continuo.json.Mappers;
import dev.continuo.tool.McpToolbox.Offered;
import dev.continuo.tool.Tool.Approval;
import dev.continuo.tool.Tool.Traits;
import dev.continuo.tool.ToolNames.Origin;
import io.modelcontextprotocol.spec.McpSchema;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** From what servers list to what a model is offered. What cannot be offered is left out, never half offered. */
final class Offering {
    /** As many as the providers take, less our own two. */
    static final int MOST_TOOLS = 126;

    private static final System.Logger LOG = System.getLogger(Offering.class.getName());
    private static final ObjectMapper JSON = Mappers.plain();
    private static final int LONGEST_DESCRIPTION = 4_096;
    private static final int LARGEST_SCHEMA = 64 * 1024;

    /** A server and what it listed. */
    record Listed(McpServer server, McpConnection connection, List<McpSchema.Tool> tools) {}

    private Offering() {}

    static Map<String, Offered> of(List<Listed> servers, Function<Traits, Approval> policy, int outputBytes) {
        var found = new LinkedHashMap<Origin, Offered>();
        for (var listed : servers) {
            for (var tool : listed.tools()) {
                usable(listed.server(), tool)
                        .ifPresent(u -> found.putIfAbsent(
                                new Origin(listed.server().name(), tool.name()),
                                new Offered(
                                        new Tool(
                                                tool.name(),
                                                description(tool),
                                                u.schema(),
                                                traits(tool),
                                                policy.apply(traits(tool))),
                                        listed.connection(),
                                        tool.name(),
                                        u.arguments(),
                                        listed.server().outputBytes().orElse(outputBytes))));
            }
        }
        return named(found);
    }

    private record Usable(ObjectNode schema, Arguments arguments) {}

    private static Optional<Usable> usable(McpServer server, McpSchema.Tool tool) {
        if (tool.name() == null || tool.name().isBlank() || !server.offers(tool.name())) {
            return Optional.empty();
        }
        var schema = schema(tool);
        var arguments = schema.toString().getBytes(StandardCharsets.UTF_8).length > LARGEST_SCHEMA
                ? Optional.<Arguments>empty()
                : Arguments.of(schema);
        if (arguments.isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "the MCP server {0} has a tool whose schema is too large or none; it is not offered",
                    server.id());
        }
        return arguments.map(a -> new Usable(schema, a));
    }

    private static ObjectNode schema(McpSchema.Tool tool) {
        ObjectNode schema = tool.inputSchema() == null ? JSON.createObjectNode() : JSON.valueToTree(tool.inputSchema());
        if (!schema.path("type").asText().equals("object")) {
            schema.put("type", "object");
        }
        return schema;
    }

    private static String description(McpSchema.Tool tool) {
        return Texts.cut(tool.description() == null ? tool.title() : tool.description(), LONGEST_DESCRIPTION);
    }

    static Traits traits(McpSchema.Tool tool) {
        var hints = tool.annotations();
        boolean readOnly = hints != null && Boolean.TRUE.equals(hints.readOnlyHint());
        boolean idempotent = hints != null && Boolean.TRUE.equals(hints.idempotentHint());
        return new Traits(readOnly, readOnly || idempotent);
    }

    private static Map<String, Offered> named(Map<Origin, Offered> found) {
        var origins = new ArrayList<>(found.keySet());
        if (origins.size() > MOST_TOOLS) {
            LOG.log(
                    Level.WARNING,
                    "{0} tools are more than providers take; the first {1} are offered, allow-lists shorten the list",
                    origins.size(),
                    MOST_TOOLS);
        }
        var names = ToolNames.of(origins);
        var named = new LinkedHashMap<String, Offered>();
        origins.stream().limit(MOST_TOOLS).forEach(origin -> {
            var o = found.get(origin);
            var t = o.tool();
            var tool = new Tool(names.get(origin), t.description(), t.inputSchema(), t.traits(), t.approval());
            named.put(tool.name(), new Offered(tool, o.connection(), o.name(), o.arguments(), o.outputBytes()));
        });
        return named;
    }
}
