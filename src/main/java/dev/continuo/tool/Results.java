package dev.continuo.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Content;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a server answered, as a model and a page read it: text alone is a string; structured content is itself; whatever
 * has pictures, sound or resources stays as the protocol has it, {@code {"content": […]}}.
 */
final class Results {
    private static final int LONGEST_FAILURE = 8_192;

    private final ObjectMapper json;

    Results(ObjectMapper json) {
        this.json = json;
    }

    ToolResult of(CallToolResult result) {
        var content = result.content() == null ? List.<Content>of() : result.content();
        if (Boolean.TRUE.equals(result.isError())) {
            var said = text(content);
            return new ToolResult.Failed(
                    said.isBlank() ? "The tool failed, and did not say why." : Texts.cut(said, LONGEST_FAILURE));
        }
        boolean onlyText = content.stream().allMatch(TextContent.class::isInstance);
        if (onlyText && result.structuredContent() == null) {
            return new ToolResult.Output(new TextNode(text(content)));
        }
        JsonNode structured = json.valueToTree(result.structuredContent());
        if (onlyText) {
            return new ToolResult.Output(structured);
        }
        var all = json.createObjectNode();
        var items = all.putArray("content");
        content.forEach(c -> items.add(json.<JsonNode>valueToTree(c)));
        if (result.structuredContent() != null) {
            all.set("structuredContent", structured);
        }
        return new ToolResult.Output(all);
    }

    private static String text(List<Content> content) {
        return content.stream()
                .filter(TextContent.class::isInstance)
                .map(c -> ((TextContent) c).text())
                .collect(Collectors.joining("\n"));
    }
}
