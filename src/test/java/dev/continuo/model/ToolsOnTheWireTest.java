package dev.continuo.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.continuo.egress.Egress;
import dev.continuo.model.OpenAiSettings.Patience;
import dev.continuo.model.PromptMessage.Role;
import dev.continuo.model.PromptMessage.ToolUse;
import dev.continuo.secrets.Credential;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each provider is told of tools, of earlier calls and of what came of them. */
class ToolsOnTheWireTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNode PROPERTY =
            json("{\"type\":\"integer\",\"minimum\":1,\"oneOf\":[{\"multipleOf\":2}]}");
    private static final ToolSpec ADD = new ToolSpec(
            "add",
            "adds numbers",
            json("{\"type\":\"object\",\"properties\":{\"n\":" + PROPERTY + "},\"required\":[\"n\"]}"));
    private static final ToolSpec NOW = new ToolSpec("now", "the time", json("{\"type\":\"object\"}"));
    private static final List<PromptMessage> TALK = List.of(
            new PromptMessage(Role.USER, "Add", false),
            new PromptMessage(
                    Role.ASSISTANT,
                    "I add.",
                    false,
                    List.of(
                            new ToolUse("call_1", "add", "{\"n\":1}", "{\"sum\":2}", ToolUse.Ending.OUTPUT),
                            new ToolUse("call_2", "now", "{}", "The clock is broken.", ToolUse.Ending.FAILED))),
            new PromptMessage(
                    Role.ASSISTANT, "", false, List.of(new ToolUse("call_3", "now", "{}", "", ToolUse.Ending.OUTPUT))));

    private JsonNode asked(Dialect dialect) throws IOException, InterruptedException {
        return asked(dialect, List.of(ADD, NOW));
    }

    private JsonNode asked(Dialect dialect, List<ToolSpec> offered) throws IOException, InterruptedException {
        return asked(dialect, TALK, offered);
    }

    private JsonNode asked(Dialect dialect, List<PromptMessage> talk, List<ToolSpec> offered)
            throws IOException, InterruptedException {
        try (var provider = new RawProvider(c -> c.stream())) {
            var endpoint = new Endpoint(
                    dialect,
                    UUID.randomUUID(),
                    provider.url(),
                    Optional.of(new Credential("key-1")),
                    "model-1",
                    Optional.empty());
            var prompt = new Prompt(
                    talk, offered, Optional.empty(), OptionalDouble.empty(), new Route.To(endpoint, Optional.empty()));
            try {
                Models.at("http://127.0.0.1:1/v1", Patience.USUAL, Egress.allowing("127.0.0.1"), Clock.systemUTC())
                        .choose(prompt)
                        .generate(prompt, _ -> {}, new ModelCall());
                throw new AssertionError("an empty stream is no answer");
            } catch (ModelException e) {
                assertThat(e.code()).isEqualTo("provider_cut_off");
            }
            var request = provider.requests.getFirst();
            return json(request.substring(request.indexOf("\r\n\r\n") + 4));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "MISTRAL"})
    void as_chat_completions(Dialect dialect) throws Exception {
        var body = asked(dialect);
        var add = body.at("/tools/0/function");
        assertThat(add.path("name").asText()).isEqualTo("add");
        assertThat(add.path("description").asText()).isEqualTo("adds numbers");
        assertThat(add.at("/parameters/type").asText()).isEqualTo("object");
        assertThat(add.at("/parameters/properties/n")).isEqualTo(PROPERTY);
        assertThat(add.at("/parameters/required/0").asText()).isEqualTo("n");
        assertThat(body.at("/tools/1/function/name").asText()).isEqualTo("now");

        var said = body.at("/messages/1");
        assertThat(said.path("role").asText()).isEqualTo("assistant");
        assertThat(said.path("content").toString()).contains("I add.");
        assertThat(said.at("/tool_calls/0/function/name").asText()).isEqualTo("add");
        assertThat(json(said.at("/tool_calls/0/function/arguments").asText())).isEqualTo(json("{\"n\":1}"));
        var first = said.at("/tool_calls/0/id").asText();
        var second = said.at("/tool_calls/1/id").asText();
        assertThat(first).isNotEqualTo(second);
        assertThat(body.at("/messages/2/role").asText()).isEqualTo("tool");
        assertThat(body.at("/messages/2/tool_call_id").asText()).isEqualTo(first);
        assertThat(body.at("/messages/2/content").toString()).contains("sum");
        assertThat(body.at("/messages/3/tool_call_id").asText()).isEqualTo(second);
        assertThat(body.at("/messages/3/content").toString()).contains("The clock is broken.");
        assertThat(body.at("/messages/4/tool_calls/0/function/name").asText()).isEqualTo("now");
        assertThat(body.at("/messages/5/role").asText()).isEqualTo("tool");
        if (dialect == Dialect.MISTRAL) {
            assertThat(List.of(first, second)).allMatch(id -> id.matches("[A-Za-z0-9]{9}"));
        } else {
            assertThat(List.of(first, second)).containsExactly("call_1", "call_2");
        }
    }

    @Test
    void as_anthropics_messages() throws Exception {
        var body = asked(Dialect.ANTHROPIC);
        assertThat(body.at("/tools/0/name").asText()).isEqualTo("add");
        assertThat(body.at("/tools/0/input_schema/properties/n")).isEqualTo(PROPERTY);
        assertThat(body.at("/tools/0/input_schema/required/0").asText()).isEqualTo("n");
        var said = body.at("/messages/1/content");
        assertThat(said.at("/0/text").asText()).isEqualTo("I add.");
        assertThat(said.at("/1/type").asText()).isEqualTo("tool_use");
        assertThat(said.at("/1/id").asText()).isEqualTo("call_1");
        assertThat(said.at("/1/input")).isEqualTo(json("{\"n\":1}"));
        var results = body.at("/messages/2");
        assertThat(results.path("role").asText()).isEqualTo("user");
        assertThat(results.at("/content/0/type").asText()).isEqualTo("tool_result");
        assertThat(results.at("/content/0/tool_use_id").asText()).isEqualTo("call_1");
        assertThat(results.at("/content/1/tool_use_id").asText()).isEqualTo("call_2");
        assertThat(results.at("/content/1/is_error").asBoolean()).isTrue();
        assertThat(body.at("/messages/3/content/0/type").asText()).isEqualTo("tool_use");
    }

    @Test
    void in_words_to_anthropic_where_no_tool_is_offered_any_more() throws Exception {
        var body = asked(Dialect.ANTHROPIC, List.of());
        assertThat(body.has("tools")).isFalse();
        assertThat(body.at("/messages/1/content").toString())
                .contains("I add.", "Called add", "sum", "The clock is broken.")
                .doesNotContain("tool_use");
        assertThat(body.toString()).doesNotContain("tool_result");
    }

    @Test
    void as_geminis_contents() throws Exception {
        var body = asked(Dialect.GEMINI);
        var add = body.at("/tools/0/functionDeclarations/0");
        assertThat(add.path("name").asText()).isEqualTo("add");
        assertThat(add.at("/parametersJsonSchema/properties/n")).isEqualTo(PROPERTY);
        var said = body.at("/contents/1");
        assertThat(said.path("role").asText()).isEqualTo("model");
        assertThat(said.toString()).contains("I add.", "functionCall", "\"add\"");
        var results = body.at("/contents/2");
        assertThat(results.path("role").asText()).isEqualTo("user");
        assertThat(results.toString()).contains("functionResponse", "\"add\"", "sum");
        assertThat(body.toString()).contains("The clock is broken.");
    }

    /** A step that thought three times, once hidden, and called; as Anthropic or as Gemini made it. */
    private static List<PromptMessage> thoughtful() {
        return List.of(
                new PromptMessage(Role.USER, "Add", false),
                new PromptMessage(
                        Role.ASSISTANT,
                        "I add.",
                        false,
                        List.of(
                                new ToolUse("call_1", "add", "{\"n\":1}", "2", ToolUse.Ending.OUTPUT),
                                new ToolUse("call_2", "now", "{}", "noon", ToolUse.Ending.OUTPUT)),
                        List.of(
                                thought("one", Dialect.ANTHROPIC, Signature.Of.THOUGHT, "Sig1"),
                                thought("", Dialect.ANTHROPIC, Signature.Of.HIDDEN, "EmwK"),
                                thought("two", Dialect.ANTHROPIC, Signature.Of.THOUGHT, "Sig2"),
                                thought("", Dialect.ANTHROPIC, Signature.Of.UNSHOWN, "Sig3"),
                                thought("", Dialect.GEMINI, Signature.Of.CALLS, "Q2FsbA=="))));
    }

    private static PromptMessage.Thought thought(String text, Dialect by, Signature.Of of, String value) {
        return new PromptMessage.Thought(text, new Signature(by, of, value));
    }

    @Test
    void thoughts_go_back_to_anthropic_as_they_were_before_the_results() throws Exception {
        var body = asked(Dialect.ANTHROPIC, thoughtful(), List.of(ADD, NOW));
        var said = new ArrayList<JsonNode>();
        for (var message : body.path("messages")) {
            if (message.path("role").asText().equals("assistant")) {
                message.path("content").forEach(said::add);
            }
        }
        assertThat(said)
                .extracting(JsonNode::toString)
                .startsWith(
                        "{\"type\":\"thinking\",\"thinking\":\"one\",\"signature\":\"Sig1\"}",
                        "{\"type\":\"redacted_thinking\",\"data\":\"EmwK\"}",
                        "{\"type\":\"thinking\",\"thinking\":\"two\",\"signature\":\"Sig2\"}",
                        "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"Sig3\"}",
                        "{\"type\":\"text\",\"text\":\"I add.\"}");
        assertThat(said).extracting(b -> b.path("type").asText()).endsWith("text", "tool_use", "tool_use");
        assertThat(body.toString()).doesNotContain("Q2FsbA==");
        assertThat(body.path("messages")
                        .get(body.path("messages").size() - 1)
                        .at("/content/0/type")
                        .asText())
                .isEqualTo("tool_result");
    }

    @Test
    void the_signature_of_calls_goes_back_to_gemini_with_the_first_one() throws Exception {
        var body = asked(Dialect.GEMINI, thoughtful(), List.of(ADD, NOW));
        var parts = body.at("/contents/1/parts");
        assertThat(body.findValuesAsText("thoughtSignature")).containsExactly("Q2FsbA==");
        for (var part : parts) {
            assertThat(part.has("thoughtSignature"))
                    .as(part.toString())
                    .isEqualTo(part.at("/functionCall/name").asText().equals("add"));
        }
        assertThat(body.toString()).doesNotContain("Sig1", "EmwK", "\"one\"");
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "MISTRAL"})
    void nobody_else_is_shown_them(Dialect dialect) throws Exception {
        assertThat(asked(dialect, thoughtful(), List.of(ADD, NOW)).toString())
                .contains("I add.")
                .doesNotContain("Sig1", "EmwK", "Q2FsbA==", "\"one\"");
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
