package dev.continuo.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.continuo.tool.Tool.Approval;
import dev.continuo.tool.Tool.Traits;

/** The tool of our own that reads on in an output of which only the head was shown. */
final class ReadToolOutput {
    static final String NAME = "read_tool_output";

    private static final int FRAME = 512;

    private final ToolOutputs outputs;
    private final int most;

    /** @param most bytes of one answer */
    ReadToolOutput(ToolOutputs outputs, int most) {
        this.outputs = outputs;
        this.most = most;
    }

    static Tool tool() {
        var schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        var properties = schema.putObject("properties");
        properties.putObject("callId").put("type", "string").put("description", "As in the shortened output");
        properties
                .putObject("offset")
                .put("type", "integer")
                .put("minimum", 0)
                .put("maximum", 1_000_000_000)
                .put("description", "The first character");
        properties
                .putObject("length")
                .put("type", "integer")
                .put("minimum", 1)
                .put("maximum", 1_000_000)
                .put("description", "How many characters; fewer are given where they would be too many");
        schema.putArray("required").add("callId").add("offset");
        schema.put("additionalProperties", false);
        return new Tool(
                NAME,
                "Reads a part of a tool's output that was too large to be shown whole.",
                schema,
                new Traits(true, true),
                Approval.NONE);
    }

    ToolResult call(ToolCall call) throws InterruptedException {
        var callId = call.input().path("callId").asText();
        int offset = call.input().path("offset").asInt();
        int length = Math.min(call.input().path("length").asInt(most), most);
        return Patience.untilAnswered(call.run(), () -> outputs.read(call.run(), callId, offset, length))
                .<ToolResult>map(part -> new ToolResult.Output(shown(part, offset)))
                .orElseGet(() -> new ToolResult.Failed("There is no stored output of the call '"
                        + Texts.cut(callId, 100) + "'. Use the callId of a shortened output of this conversation."));
    }

    private JsonNode shown(ToolOutputs.Part part, int offset) {
        var text = OutputCap.head(part.text(), most - FRAME);
        int next = offset + text.codePointCount(0, text.length());
        var shown = JsonNodeFactory.instance.objectNode();
        shown.put("offset", offset);
        shown.put("characters", part.characters());
        shown.put("text", text);
        if (next < part.characters()) {
            shown.put("nextOffset", next);
        }
        return shown;
    }
}
