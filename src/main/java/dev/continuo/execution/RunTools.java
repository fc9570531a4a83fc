package dev.continuo.execution;

import dev.continuo.catalog.AgentTools;
import dev.continuo.catalog.Catalog;
import dev.continuo.tool.Tool;
import dev.continuo.tool.ToolCall;
import dev.continuo.tool.ToolResult;
import dev.continuo.tool.Toolbox;
import dev.continuo.tool.Toolboxes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.ToIntBiFunction;

/** Where executions get their tools from, and how many steps they may take with them. */
@Singleton
public class RunTools {
    /** Where nobody says otherwise: an agent that did not come to an end by then is going round in circles. */
    static final int STEP_LIMIT = AgentTools.NONE.stepLimit();

    private final Optional<Toolboxes> source;
    private final ToIntBiFunction<UUID, Optional<String>> stepLimit;

    @Inject
    RunTools(Toolboxes source, Catalog catalog) {
        this.source = Optional.of(source);
        this.stepLimit = (org, agent) -> catalog.tools(org, agent).stepLimit();
    }

    /** Outside a container, without a catalogue. */
    RunTools(Optional<Toolboxes> source) {
        this.source = source;
        this.stepLimit = (_, _) -> STEP_LIMIT;
    }

    /** How many steps a run of the agent takes at most. */
    int stepLimit(UUID org, Optional<String> agent) {
        return stepLimit.applyAsInt(org, agent);
    }

    Toolboxes.Closed of(UUID org, Optional<String> agent) {
        return source.<Toolboxes.Closed>map(s -> s.of(org, agent)).orElse(NoTools::new);
    }

    private record NoTools() implements Toolbox {
        @Override
        public List<Tool> tools() {
            return List.of();
        }

        @Override
        public ToolResult call(ToolCall call) {
            throw new IllegalStateException("there is no tool named " + call.name());
        }

        @Override
        public void close() {}
    }
}
