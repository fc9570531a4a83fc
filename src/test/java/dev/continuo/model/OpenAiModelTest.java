package dev.continuo.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.continuo.model.ModelEvent.ReasoningDelta;
import dev.continuo.model.ModelEvent.TextDelta;
import dev.continuo.model.ModelEvent.ToolCall;
import dev.continuo.model.ModelException.Kind;
import dev.continuo.model.OpenAiSettings.Patience;
import dev.continuo.model.PromptMessage.Role;
import dev.continuo.model.RawProvider.Conversation;
import dev.continuo.model.RawProvider.Script;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.Ports;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiModelTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
    private static final Prompt PROMPT = new Prompt(
            List.of(
                    new PromptMessage(Role.SYSTEM, "Be brief.", false),
                    new PromptMessage(Role.ASSISTANT, "I was", true),
                    new PromptMessage(Role.USER, "Hello", false)),
            Optional.of("special"),
            OptionalDouble.of(0.5));

    private final List<ModelEvent> events = new CopyOnWriteArrayList<>();
    private final ModelCall call = new ModelCall();

    private static Patience patience(Duration firstByte, Duration gap, Duration total) {
        return new Patience(Duration.ofSeconds(2), firstByte, gap, total);
    }

    private static OpenAiModel model(String url, Patience patience) {
        var settings = new OpenAiSettings(url, Optional.of("key-1"), "standard", patience, 100_000);
        return new OpenAiModel(settings, Passage.trusted(new ProviderDoor(settings)), CLOCK);
    }

    private ModelResult generate(Script script) throws Exception {
        try (var provider = new RawProvider(script)) {
            return model(provider.url(), patience(LONG, LONG, LONG)).generate(PROMPT, events::add, call);
        }
    }

    private ModelException failure(Script script) throws Exception {
        return failure(patience(LONG, LONG, LONG), script);
    }

    private ModelException failure(Patience patience, Script script) throws Exception {
        try (var provider = new RawProvider(script)) {
            var model = model(provider.url(), patience);
            return catchThrowableOfType(ModelException.class, () -> model.generate(PROMPT, events::add, call));
        }
    }

    @Test
    void text_reasoning_usage_and_the_finish_reason_arrive() throws Exception {
        var result = generate(c -> {
            c.stream();
            c.raw(": thinking\n\n");
            c.data("{\"id\":\"r1\",\"choices\":[{\"delta\":{\"reasoning_content\":\"hm\"}}]}");
            c.text("Hel");
            c.text("lo ");
            c.finish("stop");
            c.data("{\"id\":\"r1\",\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":5,"
                    + "\"total_tokens\":12,\"prompt_tokens_details\":{\"cached_tokens\":3},"
                    + "\"completion_tokens_details\":{\"reasoning_tokens\":2}}}");
            c.done();
        });
        assertThat(events).containsExactly(new ReasoningDelta("hm"), new TextDelta("Hel"), new TextDelta("lo "));
        assertThat(result).isEqualTo(new ModelResult(FinishReason.STOP, new Usage(7, 5, 2, 3), Optional.of("r1")));
    }

    @Test
    void the_request_has_the_prompt_the_key_and_asks_for_usage() throws Exception {
        try (var provider = new RawProvider(c -> {
            c.stream();
            c.finish("stop");
            c.done();
        })) {
            model(provider.url(), patience(LONG, LONG, LONG)).generate(PROMPT, events::add, call);
            assertThat(provider.requests.getFirst())
                    .startsWith("POST /v1/chat/completions HTTP/1.1")
                    .contains("Authorization: Bearer key-1")
                    .containsPattern("\"model\" : \"special\"")
                    .containsPattern("\"temperature\" : 0.5")
                    .contains("Be brief.", "I was", "cut short", "Hello")
                    .containsPattern("\"include_usage\" : true");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "stop,STOP",
        "length,LENGTH",
        "content_filter,CONTENT_FILTER",
        "tool_calls,TOOL_CALLS",
        "eos,OTHER",
        "max_time,OTHER"
    })
    void each_finish_reason_is_a_success_also_an_unknown_one(String provider, FinishReason ours) throws Exception {
        assertThat(generate(c -> {
                            c.stream();
                            c.text("x");
                            c.finish(provider);
                            c.done();
                        })
                        .reason())
                .isEqualTo(ours);
    }

    @Test
    void a_tool_call_comes_whole_and_after_its_finish_reason() throws Exception {
        var result = generate(c -> {
            c.stream();
            c.data(toolCall("\"id\":\"c1\",\"function\":{\"name\":\"add\",\"arguments\":\"\"}"));
            c.data(toolCall("\"function\":{\"arguments\":\"{\\\"a\\\":\"}"));
            c.data(toolCall("\"function\":{\"arguments\":\"1}\"}"));
            c.finish("tool_calls");
            c.done();
        });
        assertThat(events).containsExactly(new ToolCall("c1", "add", "{\"a\":1}"));
        assertThat(result.reason()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    private static String toolCall(String call) {
        return "{\"id\":\"r1\",\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0," + call + "}]}}]}";
    }

    @Test
    void a_tool_call_that_was_cut_off_is_never_handed_on() throws Exception {
        assertThat(failure(c -> {
                            c.stream();
                            c.data(toolCall("\"id\":\"c1\",\"function\":{\"name\":\"add\",\"arguments\":\"{}\"}"));
                        })
                        .kind())
                .isEqualTo(Kind.NO_FINISH_REASON);
        assertThat(events).isEmpty();
    }

    @Test
    void a_surrogate_pair_split_over_two_deltas_and_bytes_split_over_two_writes_survive() throws Exception {
        generate(c -> {
            c.stream();
            c.text("\\ud83d");
            c.text("\\ude00");
            byte[] bytes = "data: {\"choices\":[{\"delta\":{\"content\":\"ü€\"}}]}\n\n".getBytes("UTF-8");
            for (byte b : bytes) {
                c.raw(new byte[] {b});
            }
            c.finish("stop");
            c.done();
        });
        assertThat(events).containsExactly(new TextDelta("\ud83d"), new TextDelta("\ude00"), new TextDelta("ü€"));
    }

    @Test
    void invalid_utf8_is_replaced() throws Exception {
        generate(c -> {
            c.stream();
            c.raw("data: {\"choices\":[{\"delta\":{\"content\":\"a");
            c.raw(new byte[] {(byte) 0xff, (byte) 0xed, (byte) 0xa0});
            c.raw("b\"}}]}\n\n");
            c.finish("stop");
        });
        assertThat(((TextDelta) events.getFirst()).text()).startsWith("a\ufffd").endsWith("b");
    }

    @Test
    void text_that_looks_like_the_protocol_is_text() throws Exception {
        generate(c -> {
            c.stream();
            c.text("\\n\\ndata: [DONE]\\n\\n\\\"finish_reason\\\":\\\"stop\\\"");
            c.text("more");
            c.finish("length");
            c.done();
        });
        assertThat(events)
                .containsExactly(
                        new TextDelta("\n\ndata: [DONE]\n\n\"finish_reason\":\"stop\""), new TextDelta("more"));
    }

    @ParameterizedTest
    @CsvSource({
        "400,,REJECTED,provider_rejected",
        "400,context_length_exceeded,REJECTED,context_too_long",
        "401,,REJECTED,provider_auth",
        "403,,REJECTED,provider_auth",
        "404,,REJECTED,model_not_found",
        "301,,REJECTED,provider_rejected",
        "307,,REJECTED,provider_rejected",
        "204,,MALFORMED,provider_malformed",
        "408,,UNAVAILABLE,provider_unavailable",
        "429,,RATE_LIMITED,rate_limited",
        "429,insufficient_quota,REJECTED,provider_quota",
        "500,,UNAVAILABLE,provider_unavailable",
        "529,,UNAVAILABLE,provider_unavailable"
    })
    void a_status_has_a_kind_and_a_code_and_no_word_of_the_provider(int status, String theirs, Kind kind, String code)
            throws Exception {
        var body = "{\"error\":{\"message\":\"secret words\",\"code\":\"" + (theirs == null ? "" : theirs) + "\"}}";
        var e = failure(c -> c.status(status, "Location: http://127.0.0.1:1/\r\n", status == 204 ? "" : body));
        assertThat(e.kind()).isEqualTo(kind);
        assertThat(e.code()).isEqualTo(code);
        assertThat(e.afterFirstToken()).isFalse();
        assertThat(e.getMessage()).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Retry-After: 7                              | PT7S
                    Retry-After: 0.5                            | PT0.5S
                    Retry-After: Thu, 01 Jan 2026 00:01:30 GMT  | PT1M30S
                    Retry-After: Wed, 31 Dec 2025 00:01:30 GMT  | PT0S
                    Retry-After: 999999999                      | PT1H
                    Retry-After-Ms: 250                         | PT0.25S
                    Retry-After: soon                           |
                    """)
    void retry_after_is_honoured(String header, Duration expected) throws Exception {
        assertThat(failure(c -> c.status(429, header + "\r\n", "{}")).retryAfter())
                .isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void nobody_at_home_is_unavailable() {
        var model = model("http://127.0.0.1:" + Ports.free() + "/v1", patience(LONG, LONG, LONG));
        var e = catchThrowableOfType(ModelException.class, () -> model.generate(PROMPT, events::add, call));
        assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(e.code()).isEqualTo("provider_unreachable");
    }

    @Test
    void a_provider_that_hangs_up_before_it_answers_was_reset() throws Exception {
        assertThat(failure(Conversation::reset).kind()).isEqualTo(Kind.RESET);
        assertThat(failure(c -> {}).kind()).isEqualTo(Kind.RESET);
    }

    @Test
    void an_end_without_a_finish_reason_is_never_a_success() throws Exception {
        var e = failure(c -> {
            c.stream();
            c.text("half");
        });
        assertThat(e.kind()).isEqualTo(Kind.NO_FINISH_REASON);
        assertThat(e.afterFirstToken()).isTrue();
        assertThat(events).containsExactly(new TextDelta("half"));
        assertThat(failure(c -> {
                            c.stream();
                            c.done();
                        })
                        .kind())
                .isEqualTo(Kind.NO_FINISH_REASON);
    }

    @Test
    void a_reset_in_the_middle_is_told_from_an_end() throws Exception {
        var e = failure(c -> {
            c.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            var event = "data: {\"choices\":[{\"delta\":{\"content\":\"half\"}}]}\n\n";
            c.raw(Integer.toHexString(event.length()) + "\r\n" + event + "\r\n");
            Await.until("the token arrived", LONG, () -> !events.isEmpty());
            c.reset();
        });
        assertThat(e.kind()).isEqualTo(Kind.RESET);
        assertThat(e.afterFirstToken()).isTrue();
    }

    @Test
    void what_happens_after_the_finish_reason_cannot_spoil_it() throws Exception {
        var closed = new CountDownLatch(1);
        try (var provider = new RawProvider(c -> {
            c.stream();
            c.text("whole");
            c.finish("stop");
            c.awaitHangUp(closed);
        })) {
            var result = model(provider.url(), patience(LONG, SHORT, LONG)).generate(PROMPT, events::add, call);
            assertThat(result.reason()).isEqualTo(FinishReason.STOP);
        }
        Conversation.await(closed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event: error\ndata: {\"error\":{\"message\":\"secret\"}}\n\n",
                "data: {\"error\":{\"message\":\"secret\",\"code\":500}}\n\n",
                "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"error\"}]}\n\n"
            })
    void an_error_event_is_a_failure(String event) throws Exception {
        var before = failure(c -> {
            c.stream();
            c.raw(event);
        });
        assertThat(before.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(before.getMessage()).doesNotContain("secret");
        var after = failure(c -> {
            c.stream();
            c.text("half");
            c.raw(event);
        });
        assertThat(after.kind()).isEqualTo(Kind.RESET);
    }

    @Test
    void json_that_is_none_is_malformed() throws Exception {
        assertThat(failure(c -> {
                            c.stream();
                            c.data("{\"choices\":[{\"delta\"");
                            c.finish("stop");
                        })
                        .kind())
                .isEqualTo(Kind.MALFORMED);
    }

    @Test
    void a_line_without_end_is_cut_at_one_mebibyte() throws Exception {
        assertThat(failure(c -> {
                            c.stream();
                            while (true) {
                                c.raw("x".repeat(10_000));
                            }
                        })
                        .kind())
                .isEqualTo(Kind.MALFORMED);
    }

    @Test
    void an_endless_answer_is_too_long() throws Exception {
        assertThat(failure(c -> {
                            c.stream();
                            while (true) {
                                c.text("x".repeat(1_000));
                            }
                        })
                        .code())
                .isEqualTo("too_long");
    }

    @Test
    void three_timers_tell_three_kinds_of_silence() throws Exception {
        var closed = new CountDownLatch(3);
        assertThat(failure(patience(SHORT, LONG, LONG), c -> c.awaitHangUp(closed))
                        .kind())
                .isEqualTo(Kind.NO_FIRST_BYTE);
        assertThat(failure(patience(SHORT, LONG, LONG), c -> {
                            c.stream();
                            c.awaitHangUp(closed);
                        })
                        .kind())
                .isEqualTo(Kind.NO_FIRST_BYTE);
        assertThat(failure(patience(LONG, SHORT, LONG), c -> {
                            c.stream();
                            c.text("half");
                            c.awaitHangUp(closed);
                        })
                        .kind())
                .isEqualTo(Kind.STALLED);
        Conversation.await(closed);
    }

    @Test
    void a_call_that_never_ends_is_too_long_however_busy_it_is() throws Exception {
        var e = failure(patience(LONG, LONG, Duration.ofMillis(300)), c -> {
            c.stream();
            while (true) {
                c.raw(": still here\n\n");
            }
        });
        assertThat(e.kind()).isEqualTo(Kind.TOO_LONG);
    }

    @Test
    void abort_closes_the_providers_connection_at_once() throws Exception {
        var closed = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> {
            Await.until("the first token", LONG, () -> !events.isEmpty());
            call.abort();
        });
        var e = failure(c -> {
            c.stream();
            c.text("half");
            c.awaitHangUp(closed);
        });
        assertThat(e.kind()).isEqualTo(Kind.ABORTED);
        Conversation.await(closed);
    }

    @Test
    void abort_works_while_the_provider_has_not_answered_yet_and_before_the_call() throws Exception {
        var closed = new CountDownLatch(1);
        var asked = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> {
            try {
                Conversation.await(asked);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            call.abort();
        });
        assertThat(failure(c -> {
                            asked.countDown();
                            c.awaitHangUp(closed);
                        })
                        .kind())
                .isEqualTo(Kind.ABORTED);
        Conversation.await(closed);
        assertThat(failure(c -> c.awaitHangUp(closed)).kind()).isEqualTo(Kind.ABORTED);
    }

    @Test
    void what_the_sink_throws_comes_out_and_closes_the_connection() throws Exception {
        var closed = new CountDownLatch(1);
        try (var provider = new RawProvider(c -> {
            c.stream();
            c.text("one");
            c.awaitHangUp(closed);
        })) {
            var model = model(provider.url(), patience(LONG, LONG, LONG));
            var thrown = catchThrowableOfType(
                    IllegalStateException.class,
                    () -> model.generate(
                            PROMPT,
                            _ -> {
                                throw new IllegalStateException("fenced");
                            },
                            call));
            assertThat(thrown).hasMessage("fenced");
            Conversation.await(closed);
        }
    }

    @Test
    void events_arrive_one_by_one_on_the_callers_thread() throws Exception {
        var threads = new CopyOnWriteArrayList<Thread>();
        try (var provider = new RawProvider(c -> {
            c.stream();
            for (int i = 1; i <= 3; i++) {
                int sent = i;
                c.text("t" + i);
                Await.until("it arrived before the next is sent", LONG, () -> threads.size() == sent);
            }
            c.finish("stop");
            c.done();
        })) {
            model(provider.url(), patience(LONG, LONG, LONG))
                    .generate(PROMPT, _ -> threads.add(Thread.currentThread()), call);
        }
        assertThat(threads).containsOnly(Thread.currentThread()).hasSize(3);
    }

    @Test
    void a_connection_that_ended_well_is_used_again() throws Exception {
        try (var provider = new RawProvider(c -> {
            while (true) {
                c.whole("x");
                RawProvider.request(c.in());
            }
        })) {
            var model = model(provider.url(), patience(LONG, LONG, LONG));
            // A call ends at [DONE]; its connection is free a moment later, when the end of the body was read.
            Await.until("a call opens no connection of its own", LONG, () -> {
                int before = provider.calls.get();
                try {
                    model.generate(PROMPT, events::add, new ModelCall());
                } catch (ModelException e) {
                    throw new AssertionError(e);
                }
                return provider.calls.get() == before;
            });
            assertThat(events).hasSizeGreaterThan(1).allMatch(events.getFirst()::equals);
        }
    }

    @Test
    void after_a_silence_no_idle_connection_is_trusted() throws Exception {
        var connections = new AtomicInteger();
        var second = new CountDownLatch(1);
        try (var provider = new RawProvider(c -> {
            switch (connections.incrementAndGet()) {
                case 1 -> {
                    Conversation.await(second);
                    c.whole("x");
                    c.awaitHangUp(new CountDownLatch(1));
                }
                case 2 -> {
                    second.countDown();
                    c.stream();
                    c.text("half");
                    c.awaitHangUp(new CountDownLatch(1));
                }
                default -> c.whole("y");
            }
        })) {
            var model = model(provider.url(), patience(LONG, Duration.ofSeconds(1), LONG));
            var first = CompletableFuture.supplyAsync(() -> outcome(model), Thread::startVirtualThread);
            Await.until("the first connection", LONG, () -> connections.get() == 1);
            assertThat(outcome(model)).isEqualTo("STALLED");
            assertThat(first.join()).isEqualTo("STOP");
            assertThat(outcome(model)).isEqualTo("STOP");
            assertThat(connections).hasValue(3);
        }
    }

    private static String outcome(OpenAiModel model) {
        try {
            return model.generate(PROMPT, _ -> {}, new ModelCall()).reason().name();
        } catch (ModelException e) {
            return e.kind().name();
        }
    }
}
