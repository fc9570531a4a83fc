package dev.continuo.execution;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.continuo.json.Mappers;
import dev.continuo.log.Sanitize;

/** What a model gave a tool, read. Models err; they are told, and try again. */
sealed interface Arguments {
    record Valid(JsonNode input) implements Arguments {}

    /** @param input what can be shown of it */
    record Invalid(JsonNode input, String why) implements Arguments {}

    ObjectMapper MAPPER = JsonMapper.builder(Mappers.factory().build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    int SHOWN = 1_000;

    static Arguments of(String text, int mostBytes) {
        if (text.length() > mostBytes) {
            return new Invalid(
                    shown(text),
                    "The arguments have " + text.length() + " characters, " + mostBytes
                            + " are the limit. Call the tool with less.");
        }
        if (text.isBlank()) {
            return new Valid(JsonNodeFactory.instance.objectNode());
        }
        try {
            return MAPPER.readTree(text) instanceof ObjectNode object
                    ? new Valid(Sanitize.json(object))
                    : new Invalid(shown(text), "The arguments are no JSON object. Call the tool with one.");
        } catch (JsonProcessingException e) {
            return new Invalid(shown(text), "The arguments are not valid JSON. Call the tool with a JSON object.");
        }
    }

    private static JsonNode shown(String text) {
        return JsonNodeFactory.instance.textNode(
                Sanitize.text(text.length() <= SHOWN ? text : text.substring(0, SHOWN)));
    }
}
