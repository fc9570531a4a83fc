package dev.continuo.tool;

import dev.continuo.catalog.AgentTools;
import dev.continuo.catalog.Catalog;
import dev.continuo.tool.Tool.Approval;
import dev.continuo.tool.Tool.Traits;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The MCP servers that an agent names, as the organisation has them now. */
@Singleton
class McpToolboxes implements Toolboxes {
    private final Catalog catalog;
    private final McpServerRows rows;
    private final McpOpening opening;

    @Inject
    McpToolboxes(Catalog catalog, McpServerRows rows, McpOpening opening) {
        this.catalog = catalog;
        this.rows = rows;
        this.opening = opening;
    }

    @Override
    public Closed of(UUID org, Optional<String> agent) {
        var tools = catalog.tools(org, agent);
        var all = tools.tools().isEmpty() ? List.<McpServer>of() : rows.all(org);
        boolean asks = tools.tools().contains(AskUser.NAME);
        return () -> opening.toolbox(
                named(all, tools.tools()), policy(tools.approval()), asks ? List.of(AskUser.tool()) : List.of());
    }

    private static List<McpServer> named(List<McpServer> known, List<String> names) throws Unavailable {
        Map<String, McpServer> all = known.stream().collect(Collectors.toMap(McpServer::name, Function.identity()));
        var servers = new ArrayList<McpServer>();
        for (var name : names) {
            if (name.equals(AskUser.NAME)) {
                continue;
            }
            var server = all.get(name);
            if (server == null) {
                throw new Unavailable("The agent uses the MCP server '" + name + "', which is not there.", null);
            }
            servers.add(server);
        }
        return servers;
    }

    static Function<Traits, Approval> policy(AgentTools.Approval approval) {
        return switch (approval) {
            case AUTO -> _ -> Approval.NONE;
            case READONLY -> traits -> traits.readOnly() ? Approval.NONE : Approval.ASK;
            case ASK -> _ -> Approval.ASK;
        };
    }
}
