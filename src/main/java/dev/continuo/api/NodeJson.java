package dev.continuo.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.node.NodeId;
import dev.continuo.run.NodeView;
import dev.continuo.web.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A node as JSON. */
@Schema(name = "Node")
public record NodeJson(
        String id,
        UUID boot,

        @Schema(description = "Whether it is the node that answers")
        boolean self,

        Optional<String> url,
        @Schema(description = "Its lease is not over") boolean alive,
        boolean draining,
        boolean drainAsked,

        @Schema(description = "false: its death is noticed by its lease only")
        boolean lockHeld,

        long beatAgeMs,

        @Schema(description = "What is left of its lease; negative where it is over")
        long leaseLeftMs,

        @Schema(description = "It lives and one beat is missing; its runs are taken over if the next one is, too")
        boolean late,

        @Schema(description = "Runs that it owns, by their rows")
        int running,

        @Schema(implementation = Object.class, description = "What it said of itself at its last beat")
        JsonNode load,

        Instant startedAt) {
    @Schema(name = "Nodes")
    public record Listed(List<NodeJson> items) {}

    static NodeJson of(NodeView n, NodeId me, Json json) {
        return new NodeJson(
                n.name(),
                n.boot(),
                n.boot().equals(me.boot()),
                n.url(),
                n.isAlive(),
                n.draining(),
                n.drainAsked(),
                n.lockHeld(),
                n.beatAge().toMillis(),
                n.leaseLeft().toMillis(),
                n.late(),
                n.running(),
                json.read(n.loadJson().getBytes(StandardCharsets.UTF_8), JsonNode.class),
                n.startedAt());
    }
}
