package dev.continuo.chat;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.continuo.json.Mappers;
import dev.continuo.web.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a chat client posts: its whole history, of which only the last message counts. Read as a stream, one message in
 * memory at a time; fields that nobody here knows are skipped, because clients add their own.
 */
record ChatBody(Optional<ObjectNode> lastMessage, Map<String, JsonNode> fields) {
    private static final ObjectMapper JSON = JsonMapper.builder(Mappers.factory()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxNumberLength(100)
                            .maxStringLength(8 << 20)
                            .build())
                    .build())
            .build();

    ChatBody {
        fields = Map.copyOf(fields);
    }

    /** @throws IOException where the client's connection fails */
    static ChatBody read(InputStream body) throws IOException {
        try (var parser = JSON.createParser(body)) {
            return read(parser);
        } catch (JacksonException e) {
            throw malformed();
        }
    }

    private static ChatBody read(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw malformed();
        }
        Optional<ObjectNode> one = Optional.empty();
        Optional<ObjectNode> lastOfMany = Optional.empty();
        var fields = new HashMap<String, JsonNode>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            var value = parser.nextToken();
            if (name.equals("message") && value == JsonToken.START_OBJECT) {
                one = Optional.of(JSON.readTree(parser));
            } else if (name.equals("messages") && value == JsonToken.START_ARRAY) {
                lastOfMany = last(parser);
            } else if (value.isScalarValue()) {
                fields.put(name, JSON.readTree(parser));
            } else {
                parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            throw malformed();
        }
        return new ChatBody(one.isPresent() ? one : lastOfMany, fields);
    }

    private static Optional<ObjectNode> last(JsonParser parser) throws IOException {
        Optional<ObjectNode> last = Optional.empty();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            JsonNode message = JSON.readTree(parser);
            last = message instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
        }
        return last;
    }

    /** Only transports of the DefaultChatTransport kind, which never count chunks, say what triggered the post. */
    Projection.Reader reader() {
        return text("trigger").isPresent() ? Projection.Reader.CHAT : Projection.Reader.UNKNOWN;
    }

    /** A field's text; empty where it is absent, null, or of another kind. */
    Optional<String> text(String field) {
        return Optional.ofNullable(fields.get(field))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue);
    }

    OptionalDouble number(String field) {
        var value = fields.get(field);
        return value != null && value.isNumber() ? OptionalDouble.of(value.doubleValue()) : OptionalDouble.empty();
    }

    private static Problem malformed() {
        return Problem.of(
                400, "malformed_json", "The body must be one JSON object as DefaultChatTransport sends it. Check it.");
    }
}
