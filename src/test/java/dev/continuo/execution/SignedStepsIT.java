package dev.continuo.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.catalog.Choice;
import dev.continuo.catalog.Kind;
import dev.continuo.catalog.Thinking;
import dev.continuo.egress.Egress;
import dev.continuo.intake.Acceptance.Accepted;
import dev.continuo.log.AnswerParts;
import dev.continuo.log.Chunk;
import dev.continuo.log.Chunks;
import dev.continuo.log.LogRecord;
import dev.continuo.log.RecordCodec;
import dev.continuo.model.Models;
import dev.continuo.model.RawProvider;
import dev.continuo.nats.NatsConnections;
import dev.continuo.run.RunState;
import dev.continuo.run.Steps;
import dev.continuo.run.Truth;
import dev.continuo.secrets.Credential;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.MemoryLiveLog;
import dev.continuo.testkit.Nats;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Providers that refuse to go on where what they signed does not come back with the results, as Anthropic and Gemini do.
 * They are asked by nodes that have nothing but the log.
 */
class SignedStepsIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String ANTHROPIC_CALLS = """
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],"usage":{"input_tokens":4,"output_tokens":1}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"I could"}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":" add %d."}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"Sig%d=="}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: content_block_start
            data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_%d","name":"add","input":{}}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\\"n\\":%d}"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":1}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":15}}

            event: message_stop
            data: {"type":"message_stop"}

            """;
    private static final Pattern SHOWN = Pattern.compile("event: .*\\ndata: .*thinking_delta.*\\n\\n");
    private static final String ANTHROPIC_ENDS = """
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_2","type":"message","role":"assistant","content":[],"usage":{"input_tokens":4,"output_tokens":1}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"All added."}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":15}}

            event: message_stop
            data: {"type":"message_stop"}

            """;
    private static final String GEMINI_CALLS = """
            data: {"candidates": [{"content": {"parts": [{"text": "I could add %d.","thought": true}],"role": "model"},"index": 0}],"responseId": "r1"}

            data: {"candidates": [{"content": {"parts": [{"functionCall": {"name": "add","args": {"n": %d}},"thoughtSignature": "Sig%d=="}],"role": "model"},"finishReason": "STOP","index": 0}],"usageMetadata": {"promptTokenCount": 7,"candidatesTokenCount": 5},"responseId": "r1"}

            """;
    private static final String GEMINI_ENDS = """
            data: {"candidates": [{"content": {"parts": [{"text": "All added."}],"role": "model"},"finishReason": "STOP","index": 0}],"usageMetadata": {"promptTokenCount": 7,"candidatesTokenCount": 5},"responseId": "r2"}

            """;

    private final NatsConnections nats = NatsConnections.to(Nats.shared().url());
    private final Truth truth = Truth.fresh();
    private final TestTools tools = new TestTools();
    private RawProvider provider;
    private boolean showsThoughts = true;

    @AfterEach
    void close() throws IOException {
        nats.close();
        provider.close();
    }

    @Test
    void a_thought_without_a_word_goes_back_too() throws IOException {
        showsThoughts = false;
        whoever_goes_on_gives_back_what_was_signed(Kind.ANTHROPIC);
    }

    @ParameterizedTest
    @EnumSource(names = {"ANTHROPIC", "GEMINI"})
    void whoever_goes_on_gives_back_what_was_signed(Kind kind) throws IOException {
        provider = new RawProvider(c -> answer(kind, c));
        var undisturbed = post();
        node("first", kind).take();
        awaitCompleted(undisturbed);
        var whole = log(undisturbed);
        assertThat(provider.requests).hasSize(3);
        assertThat(signatures(provider.requests.get(1))).containsExactly("Sig1==");
        assertThat(signatures(provider.requests.get(2))).containsExactly("Sig1==", "Sig2==");
        assertThat(text(whole)).contains("All added.").doesNotContain("Sig1", "Sig2");

        for (int length = 1; length < whole.size() - 1; length++) {
            provider.requests.clear();
            var sent = post();
            die(sent, whole.subList(0, length));
            node("second", kind).take();
            awaitCompleted(sent);
            assertThat(text(log(sent))).as("after " + whole.get(length - 1)).isEqualTo(text(whole));
        }
    }

    /** Two steps with a call each, then the end; a result whose call's signature is missing is refused. */
    private void answer(Kind kind, RawProvider.Conversation c) throws IOException {
        var request = provider.requests.getLast();
        int results = count(request, kind == Kind.ANTHROPIC ? "\"tool_result\"" : "\"functionResponse\"");
        if (signatures(request).size() != results || !request.contains("Sig" + results + "==") && results > 0) {
            c.status(400, "", "{\"error\":{\"message\":\"a signature is missing\"}}");
            return;
        }
        int next = results + 1;
        c.stream();
        if (kind == Kind.ANTHROPIC) {
            var calls = ANTHROPIC_CALLS.formatted(next, next, next, next);
            c.raw(
                    next > 2
                            ? ANTHROPIC_ENDS
                            : showsThoughts ? calls : SHOWN.matcher(calls).replaceAll(""));
        } else {
            c.raw(next > 2 ? GEMINI_ENDS : GEMINI_CALLS.formatted(next, next, next));
        }
    }

    private static List<String> signatures(String request) {
        return Pattern.compile("Sig\\d==")
                .matcher(request)
                .results()
                .map(MatchResult::group)
                .toList();
    }

    private static int count(String text, String word) {
        return (int)
                Pattern.compile(word, Pattern.LITERAL).matcher(text).results().count();
    }

    private TestNode node(String name, Kind kind) {
        var target = new Choice.Target(
                UUID.randomUUID(), kind, provider.url(), Optional.of(new Credential("key-1")), "model-1", Thinking.OFF);
        var choice = new Choice(
                Optional.empty(),
                OptionalDouble.empty(),
                OptionalInt.empty(),
                new Choice.Where.Own(target, Optional.empty()));
        return new TestNode(
                name,
                truth,
                Steps.on(truth),
                new MemoryLiveLog(),
                nats,
                Models.at("http://127.0.0.1:1/v1", Egress.allowing("127.0.0.1"), Clock.systemUTC()),
                new PromptAssembly(
                        truth.messages, new Attachments(truth.files, 1 << 20), (_, _) -> choice, Optional.empty()),
                Optional.of(tools));
    }

    private Accepted post() {
        return (Accepted) truth.send(
                truth.message(UUID.randomUUID().toString(), UUID.randomUUID().toString(), "Add."));
    }

    private void awaitCompleted(Accepted sent) {
        Await.until("the run is over", SOON, () -> truth.run(sent.run()).state().isTerminal());
        assertThat(truth.run(sent.run()).state()).isEqualTo(RunState.COMPLETED);
    }

    private List<LogRecord> log(Accepted sent) {
        return truth.snapshots.read(sent.run(), 0).orElseThrow().segments().stream()
                .flatMap(s -> RecordCodec.decode(s.payload(), s.first(), s.epoch()).stream())
                .toList();
    }

    /** What clients see of it. */
    private static String text(List<LogRecord> log) {
        return AnswerParts.json(AnswerParts.fold(log));
    }

    private void die(Accepted sent, List<LogRecord> said) {
        var dead = truth.start(Truth.node("dead"));
        var chunks = new ArrayList<Chunk>(List.of(Chunks.start(dead.answerId())));
        said.stream().skip(1).forEach(r -> chunks.add(new Chunk.Whole(r.chunk(), r.meta())));
        truth.flushUntilCommitted(Truth.item(dead.fence(), 1, chunks));
        truth.execute("""
                update runs set state = 'READY', owner = null, owner_boot = null, ready_at = clock_timestamp()
                where run_id = '%s' and state = 'RUNNING'""".formatted(sent.run()));
    }
}
