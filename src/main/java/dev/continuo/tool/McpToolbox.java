package dev.continuo.tool;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.continuo.json.Mappers;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** The tools of an agent's MCP servers, over one connection to each. */
final class McpToolbox implements Toolbox {
    /** In {@code _meta} of {@code tools/call}: equal wherever a call is made again. */
    static final String IDEMPOTENCY_KEY = "continuo/idempotencyKey";

    private static final System.Logger LOG = System.getLogger(McpToolbox.class.getName());
    private static final TypeReference<Map<String, Object>> ARGUMENTS = new TypeReference<>() {};
    private static final ObjectMapper JSON = Mappers.plain();
    private static final Results RESULTS = new Results(JSON);

    private final List<McpConnection> connections;
    private final Map<String, Offered> offered;
    private final List<Tool> ours;
    private final ToolOutputs outputs;
    private final ReadToolOutput reader;
    private final Arguments readerArguments =
            Arguments.of(ReadToolOutput.tool().inputSchema()).orElseThrow();

    /**
     * A tool and the way to it.
     *
     * @param name its server's name of it
     * @param outputBytes what a model is shown of one result at most
     */
    record Offered(Tool tool, McpConnection connection, String name, Arguments arguments, int outputBytes) {}

    /**
     * @param offered by their names in this toolbox
     * @param ours answered by people, and never called
     */
    McpToolbox(
            List<McpConnection> connections,
            Map<String, Offered> offered,
            List<Tool> ours,
            ToolOutputs outputs,
            ReadToolOutput reader) {
        this.connections = List.copyOf(connections);
        this.offered = Map.copyOf(offered);
        this.ours = List.copyOf(ours);
        this.outputs = outputs;
        this.reader = reader;
    }

    Collection<Offered> offered() {
        return offered.values();
    }

    @Override
    public List<Tool> tools() {
        var theirs = offered.values().stream().map(Offered::tool).sorted(Comparator.comparing(Tool::name));
        var reading = offered.isEmpty() ? Stream.<Tool>empty() : Stream.of(ReadToolOutput.tool());
        return Stream.of(theirs, reading, ours.stream())
                .flatMap(Function.identity())
                .toList();
    }

    @Override
    public ToolResult call(ToolCall call) throws InterruptedException {
        if (call.name().equals(ReadToolOutput.NAME) && !offered.isEmpty()) {
            var wrong = readerArguments.wrong(call.input());
            return wrong.isPresent() ? notCalled(wrong.get()) : reader.call(call);
        }
        var tool = offered.get(call.name());
        if (tool == null) {
            return new ToolResult.Failed("There is no tool '" + Texts.cut(call.name(), 100) + "'.");
        }
        var wrong = tool.arguments().wrong(call.input());
        if (wrong.isPresent()) {
            return notCalled(wrong.get());
        }
        var request = CallToolRequest.builder(tool.name())
                .arguments(JSON.convertValue(call.input(), ARGUMENTS))
                .meta(Map.of(IDEMPOTENCY_KEY, call.idempotencyKey()))
                .build();
        try {
            return switch (RESULTS.of(tool.connection().call(request))) {
                case ToolResult.Output(var output) -> new ToolResult.Output(capped(call, output, tool.outputBytes()));
                case ToolResult.Failed failed -> failed;
            };
        } catch (McpConnection.Failure e) {
            return new ToolResult.Failed(e.getMessage());
        }
    }

    private static ToolResult notCalled(String wrong) {
        return new ToolResult.Failed("The tool was not called, its arguments are wrong: " + wrong);
    }

    /** An output that cannot be kept is shown all the same, as far as it goes: its call was made. */
    private JsonNode capped(ToolCall call, JsonNode output, int most) throws InterruptedException {
        var capped = OutputCap.of(output, most, call.callId());
        if (capped.spilled().isEmpty()) {
            return capped.output();
        }
        try {
            return Patience.untilAnswered(call.run(), () -> {
                outputs.keep(call.run(), call.callId(), capped.spilled().get());
                return capped.output();
            });
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "run=" + call.run() + ": an output was not kept, its head is shown", e);
            return OutputCap.withoutRest(capped.output());
        }
    }

    @Override
    public void close() {
        connections.forEach(McpConnection::close);
    }
}
