package dev.continuo.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.continuo.model.ModelException.Kind;
import dev.continuo.model.PromptMessage.Role;
import dev.continuo.model.PromptMessage.Thought;
import dev.continuo.model.PromptMessage.ToolUse;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A prompt in LangChain4j's words. */
final class Requests {
    private static final String CUT_SHORT = "\n\n[This answer was cut short here.]";
    private static final String NOTHING = "(nothing)";

    /** Stands for no word at all, because LangChain4j leaves out a thought that is empty. */
    private static final String NO_WORD = "no-word-ad3f1c60-6b1a-4a1f-9b0e-6a5b8f0c2d71";

    private final Dialect dialect;
    private final boolean offersTools;

    private Requests(Dialect dialect, Prompt prompt) {
        this.dialect = dialect;
        this.offersTools = !prompt.tools().isEmpty();
    }

    static ChatRequest.Builder of(Prompt prompt, Dialect dialect) {
        return of(prompt, dialect, Optional.empty());
    }

    /** @param thinking how hard the model is asked to think in this call */
    static ChatRequest.Builder of(Prompt prompt, Dialect dialect, Optional<Effort> thinking) {
        if (prompt.messages().stream().allMatch(PromptMessage::isEmpty)) {
            throw new Failure(Kind.REJECTED, "prompt_empty", "the prompt has no text");
        }
        var words = new Requests(dialect, prompt);
        var request = ChatRequest.builder()
                .messages(prompt.messages().stream()
                        .filter(m -> !m.isEmpty() || m.role() == Role.USER)
                        .flatMap(words::messages)
                        .toList());
        if (!prompt.tools().isEmpty()) {
            request.toolSpecifications(
                    prompt.tools().stream().map(Requests::tool).toList());
        }
        if (thinking.isEmpty() || dialect.thinksAtAnyTemperature()) {
            prompt.temperature().ifPresent(request::temperature);
        }
        return request;
    }

    /** The body of a request as the provider gets it. */
    static String asSent(String body) {
        return body.replace(NO_WORD, "");
    }

    private Stream<ChatMessage> messages(PromptMessage message) {
        if (!message.uses().isEmpty() && !offersTools && dialect == Dialect.ANTHROPIC) {
            return Stream.of(AiMessage.from(inWords(message)));
        }
        return switch (message.role()) {
            case SYSTEM -> Stream.of(SystemMessage.from(message.text()));
            case USER -> Stream.of(asked(message));
            case ASSISTANT ->
                Stream.concat(said(message), message.uses().stream().map(this::result));
        };
    }

    private UserMessage asked(PromptMessage message) {
        if (message.attachments().isEmpty()) {
            return UserMessage.from(message.text());
        }
        var contents = new ArrayList<Content>();
        message.attachments().forEach(a -> contents.add(content(a)));
        if (!message.text().isBlank()) {
            contents.add(TextContent.from(message.text()));
        }
        return UserMessage.from(contents);
    }

    private Content content(Attachment attachment) {
        return switch (attachment) {
            case Attachment.Image(var mediaType, var base64) -> dialect.image(mediaType, base64);
            case Attachment.Pdf pdf -> dialect.pdf(pdf.base64());
            case Attachment.Text(var name, var mediaType, var text) ->
                TextContent.from("[File " + name + " (" + mediaType + ")]\n" + text + "\n[End of " + name + "]");
            case Attachment.Left(var name, var mediaType) ->
                TextContent.from("[The file " + name + " (" + mediaType + ") was shown here before.]");
        };
    }

    /** Each thought is a message of its own up to the last one, because a message holds one signature only. */
    private Stream<ChatMessage> said(PromptMessage message) {
        var all = new ArrayList<ChatMessage>();
        var ai = AiMessage.builder();
        boolean empty = true;
        for (var thought : message.thoughts()) {
            if (thought.signature().by() == dialect) {
                if (!empty) {
                    all.add(ai.build());
                }
                ai = thought(thought);
                empty = false;
            }
        }
        var text = message.partial() ? message.text() + CUT_SHORT : message.text();
        if (!text.isBlank()) {
            ai.text(text);
        }
        if (!message.uses().isEmpty()) {
            ai.toolExecutionRequests(message.uses().stream().map(this::call).toList());
        }
        if (!empty || !text.isBlank() || !message.uses().isEmpty()) {
            all.add(ai.build());
        }
        return all.stream();
    }

    /** In the words that LangChain4j's adapters for Anthropic and Gemini have for it. */
    private static AiMessage.Builder thought(Thought thought) {
        var value = thought.signature().value();
        return switch (thought.signature().of()) {
            case UNSHOWN -> AiMessage.builder().thinking(NO_WORD).attributes(Map.of("thinking_signature", value));
            case THOUGHT ->
                AiMessage.builder().thinking(thought.text()).attributes(Map.of("thinking_signature", value));
            case HIDDEN -> AiMessage.builder().attributes(Map.of("redacted_thinking", List.of(value)));
            case CALLS -> AiMessage.builder().attributes(Map.of("thinking_signature", value));
        };
    }

    /** Anthropic refuses calls of earlier turns where this one offers no tools. */
    private static String inWords(PromptMessage message) {
        var calls = message.uses().stream()
                .map(use -> "[Called " + use.name() + " with " + use.arguments() + ": " + use.result() + "]");
        return Stream.concat(Stream.of(message.text()).filter(t -> !t.isBlank()), calls)
                .collect(Collectors.joining("\n"));
    }

    private ToolExecutionRequest call(ToolUse use) {
        return ToolExecutionRequest.builder()
                .id(dialect.callId(use.callId()))
                .name(use.name())
                .arguments(use.arguments())
                .build();
    }

    /** LangChain4j refuses an empty text. */
    private ChatMessage result(ToolUse use) {
        return ToolExecutionResultMessage.builder()
                .id(dialect.callId(use.callId()))
                .toolName(use.name())
                .text(use.result().isBlank() ? NOTHING : use.result())
                .isError(use.ending() == ToolUse.Ending.FAILED)
                .build();
    }

    /** Each property as its server wrote it: LangChain4j's own words for schemas know less. */
    private static ToolSpecification tool(ToolSpec spec) {
        var schema = JsonObjectSchema.builder();
        var given = spec.inputSchema();
        given.path("properties")
                .properties()
                .forEach(p -> schema.addProperty(
                        p.getKey(), JsonRawSchema.from(asObject(p.getValue()).toString())));
        schema.required(StreamSupport.stream(given.path("required").spliterator(), false)
                .map(JsonNode::asText)
                .toList());
        if (given.path("additionalProperties").isBoolean()) {
            schema.additionalProperties(given.path("additionalProperties").booleanValue());
        }
        if (given.path("$defs").isObject()) {
            schema.definitions(given.path("$defs").properties().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey,
                            d -> JsonRawSchema.from(asObject(d.getValue()).toString()),
                            (a, _) -> a,
                            LinkedHashMap::new)));
        }
        return ToolSpecification.builder()
                .name(spec.name())
                .description(spec.description())
                .parameters(schema.build())
                .build();
    }

    /** {@code true} is a schema, too. */
    private static JsonNode asObject(JsonNode schema) {
        return schema.isObject() ? schema : JsonNodeFactory.instance.objectNode();
    }
}
