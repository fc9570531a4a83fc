package dev.continuo.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.continuo.web.Ids;
import dev.continuo.web.Limits;
import dev.continuo.web.Problem;
import java.util.Optional;

/**
 * The one message of a chat client's post that is new.
 *
 * @param id what the client calls it, its idempotency key
 * @param parts text parts, without whatever else the client keeps in them
 */
record ChatMessage(Optional<String> id, ArrayNode parts) {

    static ChatMessage of(ChatBody body, Limits limits) {
        body.text("trigger").ifPresent(ChatMessage::check);
        var message = body.lastMessage()
                .orElseThrow(() -> Problem.of(
                        400,
                        "missing_field",
                        "There is no message. Send the conversation's messages, the new one last."));
        switch (message.path("role").asText()) {
            case "user" -> {}
            default ->
                throw Problem.of(400, "bad_value", "The last message must be of the role user.")
                        .at("messages");
        }
        return new ChatMessage(id(message), parts(message, limits));
    }

    private static void check(String trigger) {
        switch (trigger) {
            case "submit-message" -> {}
            case "regenerate-message" ->
                throw Problem.of(
                                400,
                                "unsupported",
                                "Regenerating an answer is not supported yet. Send the message again under a new id.")
                        .at("trigger");
            default ->
                throw Problem.of(400, "unsupported", "This trigger is unknown here. Use submit-message.")
                        .at("trigger");
        }
    }

    private static Optional<String> id(ObjectNode message) {
        var id = message.path("id");
        return id.isTextual() && !id.textValue().isEmpty()
                ? Optional.of(Ids.checked(id.textValue()))
                : Optional.empty();
    }

    private static ArrayNode parts(ObjectNode message, Limits limits) {
        var parts = JsonNodeFactory.instance.arrayNode();
        long length = 0;
        boolean blank = true;
        for (var part : message.path("parts")) {
            String text = text(part);
            length += text.codePointCount(0, text.length());
            blank &= text.isBlank();
            parts.addObject().put("type", "text").put("text", text);
        }
        if (blank) {
            throw Problem.of(400, "empty_message", "The message has no text. Send at least one character.")
                    .at("messages");
        }
        if (length > limits.messageChars()) {
            throw Problem.of(
                            400,
                            "message_too_long",
                            "The message has " + length + " characters, " + limits.messageChars()
                                    + " are the limit. Shorten it, or send it as several.")
                    .at("messages");
        }
        return parts;
    }

    private static String text(JsonNode part) {
        if (part.path("type").asText().equals("text") && part.path("text").isTextual()) {
            return part.path("text").textValue();
        }
        throw Problem.of(400, "bad_value", "Only parts of the type text are taken. Leave others out.")
                .at("messages");
    }
}
