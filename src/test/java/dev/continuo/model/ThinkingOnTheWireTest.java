package dev.continuo.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.continuo.egress.Egress;
import dev.continuo.model.ModelException.Kind;
import dev.continuo.model.OpenAiSettings.Patience;
import dev.continuo.model.PromptMessage.Role;
import dev.continuo.model.PromptMessage.Thought;
import dev.continuo.model.PromptMessage.ToolUse;
import dev.continuo.model.RawProvider.Script;
import dev.continuo.secrets.Credential;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How each provider is asked to think, in the words of its documentation, and what it says where it will not. */
class ThinkingOnTheWireTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final PromptMessage ASKED = new PromptMessage(Role.USER, "Hello", false);
    private static final ToolUse USE = new ToolUse("c1", "add", "{}", "3", ToolUse.Ending.OUTPUT);

    private final List<String> requests = new ArrayList<>();

    private ModelException failure(
            Dialect dialect, String model, Optional<Effort> effort, List<PromptMessage> talk, Script script)
            throws IOException {
        try (var provider = new RawProvider(script)) {
            var endpoint = new Endpoint(
                    dialect, UUID.randomUUID(), provider.url(), Optional.of(new Credential("key-1")), model, effort);
            var prompt = new Prompt(
                    talk, Optional.empty(), OptionalDouble.of(0.5), new Route.To(endpoint, Optional.empty()));
            var models =
                    Models.at("http://127.0.0.1:1/v1", Patience.USUAL, Egress.allowing("127.0.0.1"), Clock.systemUTC());
            var failure = catchThrowableOfType(
                    ModelException.class, () -> models.choose(prompt).generate(prompt, _ -> {}, new ModelCall()));
            requests.addAll(provider.requests);
            return failure;
        }
    }

    private JsonNode sent(Dialect dialect, String model, Optional<Effort> effort, List<PromptMessage> talk)
            throws IOException {
        assertThat(failure(dialect, model, effort, talk, c -> c.stream()).code())
                .isEqualTo("provider_cut_off");
        var request = requests.getLast();
        return JSON.readTree(request.substring(request.indexOf("\r\n\r\n")));
    }

    private JsonNode sent(Dialect dialect, String model, Effort effort) throws IOException {
        return sent(dialect, model, Optional.of(effort), List.of(ASKED));
    }

    @ParameterizedTest
    @EnumSource
    void where_nothing_is_asked_for_nothing_is_sent(Dialect dialect) throws Exception {
        var sent = sent(dialect, "claude-sonnet-4-5", Optional.empty(), List.of(ASKED));
        assertThat(sent.toString()).doesNotContainIgnoringCase("thinking").doesNotContainIgnoringCase("effort");
        assertThat(sent.findValue("temperature").asDouble()).isEqualTo(0.5);
    }

    @ParameterizedTest
    @CsvSource({"LOW,low", "MEDIUM,medium", "HIGH,high"})
    void openai_is_given_a_reasoning_effort_and_no_temperature(Effort effort, String word) throws Exception {
        var sent = sent(Dialect.OPENAI, "gpt-5.2", effort);
        assertThat(sent.path("reasoning_effort").asText()).isEqualTo(word);
        assertThat(sent.has("temperature")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "claude-3-7-sonnet-20250219,LOW,1024",
        "claude-sonnet-4-20250514,LOW,1024",
        "claude-opus-4-1,MEDIUM,4096",
        "claude-sonnet-4-5-20250929,HIGH,16384",
        "claude-haiku-4-5,HIGH,16384"
    })
    void older_models_of_anthropic_are_given_so_many_tokens_beside_those_of_the_answer(
            String model, Effort effort, int tokens) throws Exception {
        var sent = sent(Dialect.ANTHROPIC, model, effort);
        assertThat(sent.path("thinking")).isEqualTo(JSON.readTree("""
                {"type":"enabled","budget_tokens":%d}
                """.formatted(tokens)));
        assertThat(sent.path("max_tokens").asInt()).isEqualTo(8_192 + tokens);
        assertThat(sent.has("temperature")).isFalse();
        assertThat(sent.has("output_config")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"claude-opus-4-6,LOW,low", "claude-sonnet-4-6,MEDIUM,medium", "claude-opus-5,HIGH,high"})
    void newer_models_of_anthropic_are_given_an_effort_and_show_what_they_think(
            String model, Effort effort, String word) throws Exception {
        var sent = sent(Dialect.ANTHROPIC, model, effort);
        assertThat(sent.path("thinking")).isEqualTo(JSON.readTree("""
                {"type":"adaptive","display":"summarized"}
                """));
        assertThat(sent.path("output_config")).isEqualTo(JSON.readTree("{\"effort\":\"" + word + "\"}"));
        assertThat(sent.path("max_tokens").asInt()).isGreaterThan(8_192);
        assertThat(sent.has("temperature")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"gemini-2.5-flash,LOW,1024", "gemini-2.5-pro,MEDIUM,8192", "gemini-2.5-flash,HIGH,24576"})
    void gemini_2_is_given_so_many_tokens(String model, Effort effort, int tokens) throws Exception {
        var config = sent(Dialect.GEMINI, model, effort).path("generationConfig");
        assertThat(config.path("thinkingConfig")).isEqualTo(JSON.readTree("""
                {"includeThoughts":true,"thinkingBudget":%d}
                """.formatted(tokens)));
        assertThat(config.path("temperature").asDouble()).isEqualTo(0.5);
    }

    @ParameterizedTest
    @CsvSource({"gemini-3-flash-preview,LOW,low", "gemini-flash-latest,MEDIUM,medium", "gemini-3.1-pro,HIGH,high"})
    void gemini_3_is_given_a_level(String model, Effort effort, String word) throws Exception {
        assertThat(sent(Dialect.GEMINI, model, effort).path("generationConfig").path("thinkingConfig"))
                .isEqualTo(JSON.readTree("{\"includeThoughts\":true,\"thinkingLevel\":\"" + word + "\"}"));
    }

    @Test
    void a_budget_is_for_turns_that_begin_with_a_thought_of_anthropic_s_own() throws Exception {
        var thought = new Thought("hm", new Signature(Dialect.ANTHROPIC, Signature.Of.THOUGHT, "Sig"));
        var theirs = new PromptMessage(Role.ASSISTANT, "", false, List.of(USE));
        var own = new PromptMessage(Role.ASSISTANT, "", false, List.of(USE), List.of(thought));
        var before = new PromptMessage(Role.ASSISTANT, "Yes?", false);
        var effort = Optional.of(Effort.LOW);
        assertThat(sent(Dialect.ANTHROPIC, "claude-sonnet-4-5", effort, List.of(ASKED, theirs))
                        .has("thinking"))
                .isFalse();
        assertThat(sent(Dialect.ANTHROPIC, "claude-sonnet-4-5", effort, List.of(ASKED, own, theirs))
                        .has("thinking"))
                .isTrue();
        assertThat(sent(Dialect.ANTHROPIC, "claude-sonnet-4-5", effort, List.of(ASKED, before, ASKED))
                        .has("thinking"))
                .isTrue();
        assertThat(sent(Dialect.ANTHROPIC, "claude-opus-4-6", effort, List.of(ASKED, theirs))
                        .has("thinking"))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "OPENAI,'{\"error\":{\"message\":\"Unsupported parameter: reasoning_effort is not supported with this model.\",\"type\":\"invalid_request_error\",\"param\":\"reasoning_effort\",\"code\":\"unsupported_parameter\"}}'",
        "OPENAI,'{\"error\":{\"message\":\"Unrecognized request argument supplied: reasoning_effort\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}}'",
        "ANTHROPIC,'{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"adaptive thinking is not supported on this model\"}}'",
        "ANTHROPIC,'{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"This model does not support the effort parameter.\"}}'",
        "GEMINI,'{\"error\":{\"code\":400,\"message\":\"Thinking level is not supported for this model.\",\"status\":\"INVALID_ARGUMENT\"}}'"
    })
    void whoever_will_not_think_says_so_and_only_where_it_was_asked(Dialect dialect, String body) throws Exception {
        Script refusing = c -> c.status(400, "", body);
        var asked = failure(dialect, "m", Optional.of(Effort.HIGH), List.of(ASKED), refusing);
        assertThat(asked.kind()).isEqualTo(Kind.REJECTED);
        assertThat(asked.code()).isEqualTo("thinking_refused");
        assertThat(failure(dialect, "m", Optional.empty(), List.of(ASKED), refusing)
                        .code())
                .isEqualTo("provider_rejected");
    }

    @Test
    void thinkers_may_be_silent_for_longer_but_not_for_ever() {
        var usual = Patience.USUAL;
        assertThat(usual.withThinkers())
                .isEqualTo(new Patience(usual.connect(), Duration.ofMinutes(4), Duration.ofMinutes(3), usual.total()));
    }
}
