package dev.continuo.tool;

import dev.continuo.tool.Offering.Listed;
import dev.continuo.tool.Tool.Approval;
import dev.continuo.tool.Tool.Traits;
import dev.continuo.tool.Toolboxes.Unavailable;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Opens several MCP servers at once: all of them, or none. */
@Singleton
class McpOpening {
    private final McpDoor door;
    private final ToolOutputs outputs;
    private final McpSettings settings;

    @Inject
    McpOpening(McpDoor door, ToolOutputs outputs, McpSettings settings) {
        this.door = door;
        this.outputs = outputs;
        this.settings = settings;
    }

    McpToolbox toolbox(List<McpServer> servers, Function<Traits, Approval> policy)
            throws Unavailable, InterruptedException {
        return toolbox(servers, policy, List.of());
    }

    /** @param ours tools that no server has */
    McpToolbox toolbox(List<McpServer> servers, Function<Traits, Approval> policy, List<Tool> ours)
            throws Unavailable, InterruptedException {
        var connections = new ArrayList<McpConnection>();
        boolean opened = false;
        try {
            for (var server : servers) {
                connections.add(door.to(server));
            }
            var listed = listed(servers, connections);
            var toolbox = new McpToolbox(
                    connections,
                    Offering.of(listed, policy, settings.outputBytes()),
                    ours,
                    outputs,
                    new ReadToolOutput(outputs, settings.outputBytes()));
            opened = true;
            return toolbox;
        } finally {
            if (!opened) {
                connections.forEach(McpConnection::close);
            }
        }
    }

    private List<Listed> listed(List<McpServer> servers, List<McpConnection> connections)
            throws Unavailable, InterruptedException {
        var asks = new ArrayList<Callable<Listed>>();
        for (int i = 0; i < servers.size(); i++) {
            var server = servers.get(i);
            var connection = connections.get(i);
            asks.add(() -> new Listed(server, connection, connection.open(settings.openTimeout())));
        }
        var listed = new ArrayList<Listed>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Listed> answer : threads.invokeAll(asks)) {
                listed.add(answer.get());
            }
        } catch (ExecutionException e) {
            throw new Unavailable(
                    e.getCause() instanceof McpConnection.Failure f ? f.getMessage() : "An MCP server cannot be asked.",
                    e.getCause());
        }
        return listed;
    }
}
