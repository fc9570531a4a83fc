package dev.continuo.tool;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.continuo.tool.Tool.Approval;
import dev.continuo.tool.Tool.Traits;

/** The tool of our own that nobody executes: what the user answers is its output. Agents name it among their servers. */
final class AskUser {
    static final String NAME = "ask_user";

    private AskUser() {}

    static Tool tool() {
        var schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        var properties = schema.putObject("properties");
        properties.putObject("question").put("type", "string").put("description", "What the user is to answer");
        properties
                .putObject("options")
                .put("type", "array")
                .put("description", "Answers to choose from, where there are only so many")
                .putObject("items")
                .put("type", "string");
        schema.putArray("required").add("question");
        return new Tool(
                NAME,
                "Asks the user a question and waits for the answer. Use it where only the user can know or decide.",
                schema,
                new Traits(true, true),
                Approval.ANSWERED_BY_PERSON);
    }
}
