package dev.continuo.execution;

import dev.continuo.tool.Tool;
import dev.continuo.tool.ToolCall;
import dev.continuo.tool.ToolResult;
import dev.continuo.tool.Toolbox;
import dev.continuo.tool.Toolboxes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Where executions get their tools from; a run without an agent has none, and neither has a server without a source. */
@Singleton
public class RunTools {
    /** An agent that did not come to an end by then is going round in circles. */
    static final int STEP_LIMIT = 30;

    private final Optional<Toolboxes> source;

    @Inject
    RunTools(@Any Instance<Toolboxes> sources) {
        this(sources.isResolvable() ? Optional.of(sources.get()) : Optional.empty());
    }

    RunTools(Optional<Toolboxes> source) {
        this.source = source;
    }

    Toolbox open(UUID org, Optional<String> agent) throws Toolboxes.Unavailable, InterruptedException {
        return source.isEmpty() ? new NoTools() : source.get().open(org, agent);
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
