package dev.continuo.execution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.continuo.model.Usage;

/** Usage in the words of the AI SDK. */
final class Usages {
    private Usages() {}

    static ObjectNode json(Usage usage) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("inputTokens", usage.input())
                .put("outputTokens", usage.output())
                .put("totalTokens", usage.input() + usage.output())
                .put("reasoningTokens", usage.reasoning())
                .put("cachedInputTokens", usage.cached());
    }

    /** As {@link #json} wrote it. */
    static Usage of(JsonNode json) {
        return new Usage(
                json.path("inputTokens").asInt(),
                json.path("outputTokens").asInt(),
                json.path("reasoningTokens").asInt(),
                json.path("cachedInputTokens").asInt());
    }
}
