package dev.continuo.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.continuo.file.DataUrl;
import dev.continuo.file.FileParts;
import dev.continuo.intake.MessageSize;
import dev.continuo.web.Ids;
import dev.continuo.web.Limits;
import dev.continuo.web.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is new in a chat client's post. */
sealed interface ChatMessage {
    /**
     * A message.
     *
     * @param id what the client calls it, its idempotency key
     * @param parts texts and files, without whatever else the client keeps in them
     * @param inside the files that came with it, by the number of their part, which has no URL yet
     */
    record New(Optional<String> id, ArrayNode parts, Map<Integer, Inside> inside) implements ChatMessage {
        public New {
            inside = Map.copyOf(inside);
        }
    }

    /** A file as it came inside a message. */
    record Inside(String name, DataUrl content) {}

    /** A wish for another answer; the ids of what shall be answered anew, the most exact first. */
    record Anew(List<String> candidates) implements ChatMessage {
        public Anew {
            candidates = List.copyOf(candidates);
        }
    }

    static ChatMessage of(ChatBody body, Limits limits) {
        boolean anew =
                switch (body.text("trigger").orElse("submit-message")) {
                    case "submit-message" -> false;
                    case "regenerate-message" -> true;
                    default ->
                        throw Problem.of(
                                        400,
                                        "unsupported",
                                        "This trigger is unknown here. Use submit-message or regenerate-message.")
                                .at("trigger");
                };
        return anew ? anew(body) : said(body, limits);
    }

    /** A client leaves out the answer that it wants to have replaced, and names it where its app did. What it names may be of
     * its own making, if the answer never began; then the message before it is meant. */
    private static ChatMessage anew(ChatBody body) {
        var candidates = new ArrayList<String>();
        body.text("messageId").map(Ids::checked).ifPresent(candidates::add);
        body.lastMessage().flatMap(ChatMessage::id).ifPresent(candidates::add);
        if (candidates.isEmpty()) {
            throw Problem.of(
                            400,
                            "missing_field",
                            "Nothing says which answer is to be replaced. Send its id as 'messageId'.")
                    .at("messageId");
        }
        return new Anew(candidates);
    }

    private static ChatMessage said(ChatBody body, Limits limits) {
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
        return parts(id(message), message, limits);
    }

    private static Optional<String> id(ObjectNode message) {
        var id = message.path("id");
        return id.isTextual() && !id.textValue().isEmpty()
                ? Optional.of(Ids.checked(id.textValue()))
                : Optional.empty();
    }

    private static New parts(Optional<String> id, ObjectNode message, Limits limits) {
        var parts = JsonNodeFactory.instance.arrayNode();
        var inside = new HashMap<Integer, Inside>();
        var size = new MessageSize();
        for (var part : message.path("parts")) {
            if (part.path("type").asText().equals("file")) {
                file(part, parts, inside);
                size.file();
            } else {
                String text = text(part);
                size.text(text);
                parts.addObject().put("type", "text").put("text", text);
            }
        }
        size.check(limits, "messages");
        return new New(id, parts, inside);
    }

    private static void file(JsonNode part, ArrayNode parts, Map<Integer, Inside> inside) {
        var url = part.path("url").asText();
        var added = parts.addObject().put("type", "file");
        if (FileParts.named(url).isPresent()) {
            added.put("url", url);
            return;
        }
        var content = DataUrl.parse(url).orElseThrow(() -> Problem.of(
                        400,
                        "bad_value",
                        "Files are taken as data: URLs in Base64, or from /api/files; nothing is fetched from "
                                + "elsewhere. Send the file itself.")
                .at("messages"));
        inside.put(parts.size() - 1, new Inside(part.path("filename").asText("file"), content));
    }

    private static String text(JsonNode part) {
        if (part.path("type").asText().equals("text") && part.path("text").isTextual()) {
            return part.path("text").textValue();
        }
        throw Problem.of(400, "bad_value", "Only parts of the types text and file are taken. Leave others out.")
                .at("messages");
    }
}
