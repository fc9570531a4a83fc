package dev.continuo.tool;

import com.fasterxml.jackson.databind.JsonNode;

/** What became of a call; both go to the model. */
public sealed interface ToolResult {
    record Output(JsonNode output) implements ToolResult {}

    /** @param text for the model and for people: no address, no key, no stack trace */
    record Failed(String text) implements ToolResult {}
}
