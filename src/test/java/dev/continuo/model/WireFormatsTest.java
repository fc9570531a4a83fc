package dev.continuo.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.continuo.egress.Egress;
import dev.continuo.model.ModelEvent.ReasoningDelta;
import dev.continuo.model.ModelEvent.TextDelta;
import dev.continuo.model.ModelEvent.ToolCall;
import dev.continuo.model.ModelException.Kind;
import dev.continuo.model.OpenAiSettings.Patience;
import dev.continuo.model.PromptMessage.Role;
import dev.continuo.model.RawProvider.Script;
import dev.continuo.secrets.Credential;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What each provider sends, as its own documentation writes it, and what becomes of it. */
class WireFormatsTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
    private static final Patience PATIENCE =
            new Patience(Duration.ofSeconds(2), Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(60));
    private static final List<PromptMessage> MESSAGES = List.of(
            new PromptMessage(Role.SYSTEM, "Be brief.", false),
            new PromptMessage(Role.USER, "Hi", false),
            new PromptMessage(Role.ASSISTANT, "I was", true),
            new PromptMessage(Role.USER, "Hello", false));

    private final List<ModelEvent> events = new CopyOnWriteArrayList<>();
    private final ModelCall call = new ModelCall();
    private List<String> requests = List.of();

    private ModelResult generate(Dialect dialect, Script script) throws Exception {
        try (var provider = new RawProvider(script)) {
            var endpoint = new Endpoint(
                    dialect,
                    UUID.randomUUID(),
                    provider.url(),
                    Optional.of(new Credential("key-1")),
                    "model-1",
                    Optional.empty());
            var prompt = new Prompt(
                    MESSAGES, Optional.empty(), OptionalDouble.of(0.5), new Route.To(endpoint, Optional.empty()));
            try {
                return Models.at("http://127.0.0.1:1/v1", PATIENCE, Egress.allowing("127.0.0.1"), CLOCK)
                        .choose(prompt)
                        .generate(prompt, events::add, call);
            } finally {
                requests = List.copyOf(provider.requests);
            }
        }
    }

    private ModelException failure(Dialect dialect, Script script) {
        return catchThrowableOfType(ModelException.class, () -> generate(dialect, script));
    }

    private static ModelEvent signed(Dialect by, Signature.Of of, String value) {
        return new ModelEvent.Signed(new Signature(by, of, value));
    }

    private static Script stream(String body) {
        return c -> {
            c.stream();
            c.raw(body);
        };
    }

    private static final String GEMINI_TEXT = """
            data: {"candidates": [{"content": {"parts": [{"text": "Hel"}],"role": "model"},"index": 0}],"usageMetadata": {"promptTokenCount": 7,"totalTokenCount": 7},"modelVersion": "gemini-2.5-flash","responseId": "r1"}

            """;
    private static final String GEMINI_END = """
            data: {"candidates": [{"content": {"parts": [{"text": "lo"}],"role": "model"},"finishReason": "%s","index": 0}],"usageMetadata": {"promptTokenCount": 7,"candidatesTokenCount": 5,"totalTokenCount": 14,"cachedContentTokenCount": 3,"thoughtsTokenCount": 2},"modelVersion": "gemini-2.5-flash","responseId": "r1"}

            """;
    private static final String ANTHROPIC_START = """
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":4,"cache_creation_input_tokens":1,"cache_read_input_tokens":3,"output_tokens":1}}}

            event: ping
            data: {"type": "ping"}

            """;
    private static final String ANTHROPIC_TEXT = """
            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hel"}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"lo"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            """;
    private static final String ANTHROPIC_DELTA = """
            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"%s","stop_sequence":null},"usage":{"output_tokens":15}}

            """;
    private static final String ANTHROPIC_STOP = """
            event: message_stop
            data: {"type":"message_stop"}

            """;
    private static final String MISTRAL_TEXT = """
            data: {"id":"m1","object":"chat.completion.chunk","created":1,"model":"mistral-small-latest","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}

            data: {"id":"m1","object":"chat.completion.chunk","created":1,"model":"mistral-small-latest","choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}]}

            """;
    private static final String MISTRAL_END = """
            data: {"id":"m1","object":"chat.completion.chunk","created":1,"model":"mistral-small-latest","choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":"%s"}],"usage":{"prompt_tokens":7,"total_tokens":12,"completion_tokens":5}}

            """;
    private static final String DONE = "data: [DONE]\n\n";

    /** A whole answer, "Hello". */
    static String whole(Dialect dialect) {
        return switch (dialect) {
            case OPENAI, MISTRAL -> MISTRAL_TEXT + MISTRAL_END.formatted("stop") + DONE;
            case ANTHROPIC -> ANTHROPIC_START + ANTHROPIC_TEXT + ANTHROPIC_DELTA.formatted("end_turn") + ANTHROPIC_STOP;
            case GEMINI -> GEMINI_TEXT + GEMINI_END.formatted("STOP");
        };
    }

    /** The beginning of one. */
    private static String half(Dialect dialect) {
        return switch (dialect) {
            case OPENAI, MISTRAL -> MISTRAL_TEXT;
            case ANTHROPIC -> ANTHROPIC_START + ANTHROPIC_TEXT;
            case GEMINI -> GEMINI_TEXT;
        };
    }

    private static String error(Dialect dialect) {
        return switch (dialect) {
            case OPENAI, MISTRAL -> "data: {\"error\":{\"message\":\"secret words\",\"code\":503}}\n\n";
            case ANTHROPIC ->
                "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"secret"
                        + " words\"}}\n\n";
            case GEMINI ->
                "data: {\"error\": {\"code\": 503,\"message\": \"secret words\",\"status\": \"UNAVAILABLE\"}}\n\n";
        };
    }

    @ParameterizedTest
    @EnumSource
    void a_whole_answer_is_one(Dialect dialect) throws Exception {
        assertThat(generate(dialect, stream(whole(dialect))).reason()).isEqualTo(FinishReason.STOP);
        assertThat(events).containsExactly(new TextDelta("Hel"), new TextDelta("lo"));
    }

    @ParameterizedTest
    @EnumSource
    void an_end_without_a_finish_reason_is_never_a_success(Dialect dialect) {
        var e = failure(dialect, stream(half(dialect)));
        assertThat(e.kind()).isEqualTo(Kind.NO_FINISH_REASON);
        assertThat(e.afterFirstToken()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void a_cut_in_the_middle_is_a_reset(Dialect dialect) {
        var e = failure(dialect, c -> {
            c.raw("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            var bytes = half(dialect).getBytes("UTF-8");
            c.raw(Integer.toHexString(bytes.length) + "\r\n" + half(dialect) + "\r\n");
            dev.continuo.testkit.Await.until("a token arrived", Duration.ofSeconds(20), () -> !events.isEmpty());
            c.reset();
        });
        assertThat(e.kind()).isEqualTo(Kind.RESET);
    }

    @ParameterizedTest
    @EnumSource
    void an_error_event_fails_the_call_without_the_providers_words(Dialect dialect) {
        var before = failure(dialect, stream(error(dialect)));
        assertThat(before.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(before.afterFirstToken()).isFalse();
        assertThat(before.getMessage()).doesNotContain("secret");
        var after = failure(dialect, stream(half(dialect) + error(dialect)));
        assertThat(after.kind()).isEqualTo(Kind.RESET);
        assertThat(after.afterFirstToken()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void events_that_nobody_knows_are_passed_over(Dialect dialect) throws Exception {
        var unknown =
                switch (dialect) {
                    case OPENAI, MISTRAL, GEMINI -> "data: {\"novelty\":{\"a\":[1]}}\n\n";
                    case ANTHROPIC ->
                        "event: novelty\ndata: {\"type\":\"novelty\",\"index\":\"x\"}\n\ndata: {\"a\":[1]}\n\n";
                };
        generate(dialect, stream(": comment\n\n" + unknown + whole(dialect)));
        assertThat(events).containsExactly(new TextDelta("Hel"), new TextDelta("lo"));
    }

    @ParameterizedTest
    @EnumSource
    void an_event_that_is_no_json_is_malformed(Dialect dialect) {
        var broken = "event: content_block_delta\ndata: {\"choices\":[{\"index\":\n\n";
        assertThat(failure(dialect, stream(broken + whole(dialect))).kind()).isEqualTo(Kind.MALFORMED);
    }

    @ParameterizedTest
    @EnumSource
    void a_redirect_is_refused_and_not_followed(Dialect dialect) {
        var e = failure(dialect, c -> c.status(302, "Location: http://169.254.169.254/latest/\r\n", ""));
        assertThat(e.code()).isEqualTo("provider_rejected");
        assertThat(requests).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "ANTHROPIC,401,'{\"type\":\"error\",\"error\":{\"type\":\"authentication_error\",\"message\":\"secret\"}}',provider_auth",
        "ANTHROPIC,429,'{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"secret\"}}',rate_limited",
        "ANTHROPIC,529,'{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"secret\"}}',provider_unavailable",
        "ANTHROPIC,404,'{\"type\":\"error\",\"error\":{\"type\":\"not_found_error\",\"message\":\"secret\"}}',model_not_found",
        "ANTHROPIC,400,'{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"prompt is too long: 9 tokens > 8 maximum\"}}',context_too_long",
        "ANTHROPIC,400,'{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"secret\"}}',provider_rejected",
        "GEMINI,400,'{\"error\":{\"code\":400,\"message\":\"API key not valid\",\"status\":\"INVALID_ARGUMENT\",\"details\":[{\"reason\":\"API_KEY_INVALID\"}]}}',provider_auth",
        "GEMINI,400,'{\"error\":{\"code\":400,\"message\":\"The input token count (9) exceeds the maximum number of tokens allowed (8).\"}}',context_too_long",
        "GEMINI,429,'{\"error\":{\"code\":429,\"message\":\"secret\",\"status\":\"RESOURCE_EXHAUSTED\"}}',rate_limited",
        "GEMINI,503,'{\"error\":{\"code\":503,\"message\":\"secret\",\"status\":\"UNAVAILABLE\"}}',provider_unavailable",
        "MISTRAL,401,'{\"message\":\"Unauthorized\",\"request_id\":\"x\"}',provider_auth",
        "MISTRAL,422,'{\"object\":\"error\",\"message\":{\"detail\":[]},\"type\":\"invalid_request_error\"}',provider_rejected",
        "MISTRAL,429,'{\"object\":\"error\",\"message\":\"secret\",\"type\":\"rate_limited\",\"code\":\"1300\"}',rate_limited",
        "MISTRAL,400,'{\"object\":\"error\",\"message\":\"Prompt contains 9 tokens, too large for model with 8 maximum context length\"}',context_too_long"
    })
    void a_refusal_has_our_code(Dialect dialect, int status, String body, String code) {
        var e = failure(dialect, c -> c.status(status, "", body));
        assertThat(e.code()).isEqualTo(code);
        assertThat(e.getMessage()).doesNotContain("secret");
    }

    @Nested
    class Anthropic {
        @Test
        void the_request_is_that_of_the_messages_api() throws Exception {
            generate(Dialect.ANTHROPIC, stream(whole(Dialect.ANTHROPIC)));
            assertThat(requests.getFirst())
                    .startsWith("POST /v1/messages HTTP/1.1")
                    .containsIgnoringCase("x-api-key: key-1")
                    .containsIgnoringCase("anthropic-version: 2023-06-01")
                    .containsPattern("\"model\" ?: ?\"model-1\"")
                    .containsPattern("\"max_tokens\" ?: ?8192")
                    .containsPattern("\"stream\" ?: ?true")
                    .containsPattern("\"temperature\" ?: ?0.5")
                    .contains("Be brief.", "cut short");
        }

        @Test
        void input_counts_what_was_cached_and_output_is_the_last_count() throws Exception {
            assertThat(generate(Dialect.ANTHROPIC, stream(whole(Dialect.ANTHROPIC))))
                    .isEqualTo(new ModelResult(FinishReason.STOP, new Usage(8, 15, 0, 3), Optional.of("msg_1")));
        }

        @Test
        void thinking_and_tool_calls_arrive() throws Exception {
            var result = generate(
                    Dialect.ANTHROPIC,
                    stream(ANTHROPIC_START + """
                    event: content_block_start
                    data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

                    event: content_block_delta
                    data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}

                    event: content_block_delta
                    data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"EqQB"}}

                    event: content_block_stop
                    data: {"type":"content_block_stop","index":0}

                    event: content_block_start
                    data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_1","name":"add","input":{}}}

                    event: content_block_delta
                    data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":""}}

                    event: content_block_delta
                    data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\\"usage\\":"}}

                    event: content_block_delta
                    data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"1}"}}

                    event: content_block_stop
                    data: {"type":"content_block_stop","index":1}

                    """ + ANTHROPIC_DELTA.formatted("tool_use") + ANTHROPIC_STOP));
            assertThat(events)
                    .containsExactly(
                            new ReasoningDelta("hm"),
                            signed(Dialect.ANTHROPIC, Signature.Of.THOUGHT, "EqQB"),
                            new ToolCall("toolu_1", "add", "{\"usage\":1}"));
            assertThat(result.reason()).isEqualTo(FinishReason.TOOL_CALLS);
        }

        @Test
        void each_thought_has_its_own_signature_and_a_hidden_one_is_nothing_else() throws Exception {
            generate(
                    Dialect.ANTHROPIC,
                    stream(ANTHROPIC_START + """
                    event: content_block_start
                    data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"one","signature":"Sig1"}}

                    event: content_block_stop
                    data: {"type":"content_block_stop","index":0}

                    event: content_block_start
                    data: {"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"EmwK"}}

                    event: content_block_stop
                    data: {"type":"content_block_stop","index":1}

                    event: content_block_start
                    data: {"type":"content_block_start","index":2,"content_block":{"type":"thinking","thinking":"","signature":""}}

                    event: content_block_delta
                    data: {"type":"content_block_delta","index":2,"delta":{"type":"thinking_delta","thinking":"two"}}

                    event: content_block_delta
                    data: {"type":"content_block_delta","index":2,"delta":{"type":"signature_delta","signature":"Sig2"}}

                    event: content_block_stop
                    data: {"type":"content_block_stop","index":2}

                    """ + ANTHROPIC_DELTA.formatted("end_turn") + ANTHROPIC_STOP));
            assertThat(events)
                    .containsExactly(
                            new ReasoningDelta("one"),
                            signed(Dialect.ANTHROPIC, Signature.Of.THOUGHT, "Sig1"),
                            signed(Dialect.ANTHROPIC, Signature.Of.HIDDEN, "EmwK"),
                            new ReasoningDelta("two"),
                            signed(Dialect.ANTHROPIC, Signature.Of.THOUGHT, "Sig2"));
        }

        @Test
        void after_the_stop_reason_the_answer_is_whole_also_without_the_last_event() throws Exception {
            var result = generate(
                    Dialect.ANTHROPIC,
                    stream(ANTHROPIC_START + ANTHROPIC_TEXT + ANTHROPIC_DELTA.formatted("max_tokens")));
            assertThat(result)
                    .isEqualTo(new ModelResult(FinishReason.LENGTH, new Usage(8, 15, 0, 3), Optional.of("msg_1")));
        }

        @ParameterizedTest
        @CsvSource({
            "end_turn,STOP",
            "stop_sequence,STOP",
            "max_tokens,LENGTH",
            "model_context_window_exceeded,LENGTH",
            "tool_use,TOOL_CALLS",
            "refusal,CONTENT_FILTER",
            "pause_turn,OTHER",
            "novelty,OTHER"
        })
        void each_stop_reason_has_ours(String theirs, FinishReason ours) throws Exception {
            var body = ANTHROPIC_START + ANTHROPIC_TEXT + ANTHROPIC_DELTA.formatted(theirs) + ANTHROPIC_STOP;
            assertThat(generate(Dialect.ANTHROPIC, stream(body)).reason()).isEqualTo(ours);
        }
    }

    @Nested
    class Gemini {
        @Test
        void the_request_streams_and_has_its_key_in_a_header() throws Exception {
            generate(Dialect.GEMINI, stream(whole(Dialect.GEMINI)));
            assertThat(requests.getFirst())
                    .startsWith("POST /v1/models/model-1:streamGenerateContent?alt=sse HTTP/1.1")
                    .containsIgnoringCase("x-goog-api-key: key-1")
                    .containsPattern("\"temperature\" ?: ?0.5")
                    .contains("Be brief.", "cut short");
        }

        @Test
        void thoughts_are_output_and_reasoning() throws Exception {
            assertThat(generate(Dialect.GEMINI, stream(whole(Dialect.GEMINI))))
                    .isEqualTo(new ModelResult(FinishReason.STOP, new Usage(7, 7, 2, 3), Optional.of("r1")));
        }

        @Test
        void thoughts_and_tool_calls_arrive() throws Exception {
            var result = generate(Dialect.GEMINI, stream("""
                    data: {"candidates": [{"content": {"parts": [{"text": "hm","thought": true}],"role": "model"},"index": 0}],"responseId": "r1"}

                    data: {"candidates": [{"content": {"parts": [{"functionCall": {"id": "f1","name": "add","args": {"a": 1}}}],"role": "model"},"finishReason": "STOP","index": 0}],"usageMetadata": {"promptTokenCount": 7,"candidatesTokenCount": 5},"responseId": "r1"}

                    """));
            assertThat(events.getFirst()).isEqualTo(new ReasoningDelta("hm"));
            assertThat(events.getLast()).isInstanceOfSatisfying(ToolCall.class, tool -> {
                assertThat(tool.name()).isEqualTo("add");
                assertThat(tool.arguments().replaceAll("\\s", "")).isEqualTo("{\"a\":1}");
            });
            assertThat(result.reason()).isEqualTo(FinishReason.TOOL_CALLS);
        }

        @Test
        void the_first_call_s_signature_comes_with_the_calls_and_that_of_a_text_is_left() throws Exception {
            generate(Dialect.GEMINI, stream("""
                    data: {"candidates": [{"content": {"parts": [{"text": "hm","thought": true,"thoughtSignature": "VGV4dA=="}],"role": "model"},"index": 0}],"responseId": "r1"}

                    data: {"candidates": [{"content": {"parts": [{"functionCall": {"name": "add","args": {}},"thoughtSignature": "Q2FsbA=="}, {"functionCall": {"name": "now","args": {}}}],"role": "model"},"index": 0}],"responseId": "r1"}

                    data: {"candidates": [{"content": {"parts": [{"text": ""}],"role": "model"},"finishReason": "STOP","index": 0}],"responseId": "r1"}

                    """));
            assertThat(events)
                    .containsExactly(
                            new ReasoningDelta("hm"),
                            new ToolCall("", "add", "{}"),
                            new ToolCall("", "now", "{}"),
                            signed(Dialect.GEMINI, Signature.Of.CALLS, "Q2FsbA=="));
        }

        @Test
        void a_blocked_prompt_was_filtered() throws Exception {
            var result = generate(
                    Dialect.GEMINI,
                    stream("data: {\"promptFeedback\": {\"blockReason\": \"PROHIBITED_CONTENT\"},\"usageMetadata\":"
                            + " {\"promptTokenCount\": 7,\"totalTokenCount\": 7},\"responseId\": \"r1\"}\n\n"));
            assertThat(result.reason()).isEqualTo(FinishReason.CONTENT_FILTER);
            assertThat(events).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({
            "STOP,STOP",
            "MAX_TOKENS,LENGTH",
            "SAFETY,CONTENT_FILTER",
            "RECITATION,CONTENT_FILTER",
            "BLOCKLIST,CONTENT_FILTER",
            "SPII,CONTENT_FILTER",
            "OTHER,OTHER",
            "MALFORMED_FUNCTION_CALL,OTHER",
            "NOVELTY,OTHER"
        })
        void each_finish_reason_has_ours(String theirs, FinishReason ours) throws Exception {
            assertThat(generate(Dialect.GEMINI, stream(GEMINI_TEXT + GEMINI_END.formatted(theirs)))
                            .reason())
                    .isEqualTo(ours);
        }
    }

    @Nested
    class Mistral {
        @Test
        void the_request_is_that_of_its_chat_completions() throws Exception {
            generate(Dialect.MISTRAL, stream(whole(Dialect.MISTRAL)));
            assertThat(requests.getFirst())
                    .startsWith("POST /v1/chat/completions HTTP/1.1")
                    .containsIgnoringCase("Authorization: Bearer key-1")
                    .containsPattern("\"model\" ?: ?\"model-1\"")
                    .containsPattern("\"stream\" ?: ?true")
                    .contains("Be brief.", "cut short")
                    .doesNotContain("stream_options");
        }

        @Test
        void usage_comes_with_the_finish_reason() throws Exception {
            assertThat(generate(Dialect.MISTRAL, stream(whole(Dialect.MISTRAL))))
                    .isEqualTo(new ModelResult(FinishReason.STOP, new Usage(7, 5, 0, 0), Optional.of("m1")));
        }

        @Test
        void thinking_and_tool_calls_arrive() throws Exception {
            var result = generate(Dialect.MISTRAL, stream("""
                    data: {"id":"m1","object":"chat.completion.chunk","created":1,"model":"magistral-medium-latest","choices":[{"index":0,"delta":{"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]},"finish_reason":null}]}

                    data: {"id":"m1","object":"chat.completion.chunk","created":1,"model":"magistral-medium-latest","choices":[{"index":0,"delta":{"content":"","tool_calls":[{"id":"D681PevKs","function":{"name":"add","arguments":"{\\"a\\": 1}"},"index":0}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":7,"total_tokens":12,"completion_tokens":5}}

                    data: [DONE]

                    """));
            assertThat(events)
                    .containsExactly(new ReasoningDelta("hm"), new ToolCall("D681PevKs", "add", "{\"a\": 1}"));
            assertThat(result.reason()).isEqualTo(FinishReason.TOOL_CALLS);
        }

        @ParameterizedTest
        @CsvSource({"stop,STOP", "length,LENGTH", "model_length,LENGTH", "novelty,OTHER"})
        void each_finish_reason_has_ours(String theirs, FinishReason ours) throws Exception {
            assertThat(generate(Dialect.MISTRAL, stream(MISTRAL_TEXT + MISTRAL_END.formatted(theirs) + DONE))
                            .reason())
                    .isEqualTo(ours);
        }

        @Test
        void the_reason_error_is_a_failure() {
            assertThat(failure(Dialect.MISTRAL, stream(MISTRAL_TEXT + MISTRAL_END.formatted("error") + DONE))
                            .kind())
                    .isEqualTo(Kind.RESET);
        }
    }
}
