package dev.continuo.tool;

import dev.continuo.tool.McpServersResource.Probed;
import dev.continuo.tool.McpServersResource.ProbedTool;
import dev.continuo.tool.Tool.Approval;
import dev.continuo.tool.Toolboxes.Unavailable;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Shows what a server would be good for. */
@Singleton
class McpProbe {
    private final McpOpening opening;

    @Inject
    McpProbe(McpOpening opening) {
        this.opening = opening;
    }

    /** All that it offers, also what is not allowed: that is how names for the allow-list are found. */
    Probed ask(McpServer server) {
        var open = new McpServer(
                server.org(),
                server.id(),
                server.name(),
                server.transport(),
                server.timeout(),
                Optional.empty(),
                OptionalInt.empty());
        try (var box = opening.toolbox(List.of(open), _ -> Approval.NONE)) {
            return new Probed(
                    "ok",
                    Optional.empty(),
                    box.offered().stream()
                            .map(o -> new ProbedTool(
                                    o.name(),
                                    o.tool().name(),
                                    o.tool().description(),
                                    o.tool().traits().readOnly(),
                                    o.tool().traits().idempotent(),
                                    o.tool().inputSchema()))
                            .sorted(Comparator.comparing(ProbedTool::name))
                            .toList());
        } catch (Unavailable e) {
            return new Probed("unreachable", Optional.of(e.getMessage()), List.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Probed("unreachable", Optional.of("This server is about to stop."), List.of());
        }
    }
}
