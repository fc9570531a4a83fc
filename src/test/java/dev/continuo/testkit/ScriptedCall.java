package dev.continuo.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** One streamed chat completion: follows a {@link Script} onto a {@link Wire}. */
final class ScriptedCall {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration READABLE = Duration.ofMillis(25);

    private final Wire wire;
    private final JsonNode request;
    private final CountDownLatch hungUp;
    private final Script script;
    private final boolean callsTools;
    private final int call;
    private final Runnable onFirstByte;
    private final IntConsumer onChunk;
    private int sent;
    private long nextAt;

    ScriptedCall(
            Wire wire,
            JsonNode request,
            String prompt,
            int call,
            CountDownLatch hungUp,
            Runnable onFirstByte,
            IntConsumer onChunk) {
        this.wire = wire;
        this.request = request;
        this.hungUp = hungUp;
        String[] steps = prompt.split(" then ");
        int results = results(request.path("messages"));
        this.script = Script.of(steps[Math.min(results, steps.length - 1)]);
        this.callsTools = !script.tools().isEmpty() && (results < steps.length || prompt.contains(" forever"));
        this.call = call;
        this.onFirstByte = onFirstByte;
        this.onChunk = onChunk;
    }

    private enum Going {
        ON,
        ENDED
    }

    void answer() throws IOException {
        if (strikes(Script.Kind.FAIL)) {
            int status = script.fault().orElseThrow().value();
            wire.json(status, status == 429 ? "retry-after: 1\r\n" : "", error(status));
            return;
        }
        pause(script.firstByte());
        if (hungUp.getCount() == 0) {
            return;
        }
        wire.beginEvents();
        wire.event(delta(JSON.createObjectNode().put("role", "assistant").put("content", ""), null));
        onFirstByte.run();
        nextAt = System.nanoTime();
        if (think() == Going.ON && (callsTools ? tools() : text()) == Going.ON) {
            finish();
        }
    }

    /** How often the model was told of results since the user's last message. */
    private static int results(JsonNode messages) {
        int results = 0;
        for (JsonNode message : messages) {
            switch (message.path("role").asText()) {
                case "user" -> results = 0;
                case "assistant" -> results += message.path("tool_calls").isEmpty() ? 0 : 1;
                default -> {}
            }
        }
        return results;
    }

    private Going think() throws IOException {
        for (int i = 1; i <= script.thoughts(); i++) {
            tick(script.pace());
            wire.event(delta(JSON.createObjectNode().put("reasoning_content", "thought-" + i + " "), null));
        }
        return Going.ON;
    }

    private Going text() throws IOException {
        Duration pace = script.pace();
        var content = new Content();
        List<String> chunks;
        if (script.say().isPresent()) {
            chunks = ScriptedText.words(script.say().get());
        } else if (script.chunks().isPresent()) {
            chunks = ScriptedText.chunks(script, call);
        } else {
            chunks = script.tools().isEmpty() ? ScriptedText.friendly() : ScriptedText.words("The tool has answered.");
            pace = script.tools().isEmpty() ? READABLE : Duration.ZERO;
        }
        for (String chunk : chunks) {
            if (fault() == Going.ENDED) {
                return Going.ENDED;
            }
            tick(pace);
            wire.event(content.of(script.stamped() ? (sent + 1) + "@" + ScriptedProvider.epochNanos() + " " : chunk));
            onChunk.accept(++sent);
        }
        return fault();
    }

    private Going fault() throws IOException {
        if (script.fault().isEmpty() || script.fault().get().value() != sent) {
            return Going.ON;
        }
        if (strikes(Script.Kind.CUT)) {
            wire.reset();
            return Going.ENDED;
        }
        if (strikes(Script.Kind.EOF)) {
            wire.endEvents();
            return Going.ENDED;
        }
        if (strikes(Script.Kind.HANG)) {
            wire.send();
            await(Long.MAX_VALUE);
            return Going.ENDED;
        }
        return Going.ON;
    }

    private boolean strikes(Script.Kind kind) {
        return script.fault()
                .filter(fault -> fault.kind() == kind && fault.strikes(call))
                .isPresent();
    }

    private Going tools() throws IOException {
        if (fault() == Going.ENDED) {
            return Going.ENDED;
        }
        int index = 0;
        for (Script.ToolCall tool : script.tools()) {
            String id = "call_" + call + "_" + index;
            wire.event(delta(toolDelta(index, id, tool.name(), ""), null));
            int half = tool.arguments().length() / 2;
            tick(script.pace());
            wire.event(delta(toolDelta(index, null, null, tool.arguments().substring(0, half)), null));
            tick(script.pace());
            wire.event(delta(toolDelta(index, null, null, tool.arguments().substring(half)), null));
            index++;
        }
        return Going.ON;
    }

    private static ObjectNode toolDelta(int index, String id, String name, String arguments) {
        ObjectNode delta = JSON.createObjectNode();
        ObjectNode tool = delta.putArray("tool_calls").addObject().put("index", index);
        if (id != null) {
            tool.put("id", id).put("type", "function");
        }
        ObjectNode function = tool.putObject("function");
        if (name != null) {
            function.put("name", name);
        }
        function.put("arguments", arguments);
        return delta;
    }

    private void finish() throws IOException {
        wire.event(delta(JSON.createObjectNode(), callsTools ? "tool_calls" : "stop"));
        if (request.path("stream_options").path("include_usage").asBoolean()) {
            wire.event(usage());
        }
        wire.event("[DONE]");
        wire.endEvents();
    }

    private String usage() {
        ObjectNode chunk = chunk();
        chunk.putArray("choices");
        int input = Math.max(1, request.path("messages").toString().length() / 4);
        ObjectNode usage = chunk.putObject("usage")
                .put("prompt_tokens", input)
                .put("completion_tokens", sent + script.thoughts())
                .put("total_tokens", input + sent + script.thoughts());
        usage.putObject("prompt_tokens_details").put("cached_tokens", 0);
        usage.putObject("completion_tokens_details").put("reasoning_tokens", script.thoughts());
        return chunk.toString();
    }

    private String delta(ObjectNode delta, String finishReason) {
        ObjectNode chunk = chunk();
        chunk.putArray("choices")
                .addObject()
                .put("index", 0)
                .put("finish_reason", finishReason)
                .set("delta", delta);
        return chunk.toString();
    }

    /** A delta of text: what is the same in all of them is made once. */
    private final class Content {
        private static final String HERE = "here";
        private final String before;
        private final String after;

        Content() {
            var whole = delta(JSON.createObjectNode().put("content", HERE), null);
            int at = whole.lastIndexOf('"' + HERE + '"');
            before = whole.substring(0, at);
            after = whole.substring(at + HERE.length() + 2);
        }

        String of(String text) {
            return before + JsonNodeFactory.instance.textNode(text) + after;
        }
    }

    private ObjectNode chunk() {
        return JSON.createObjectNode()
                .put("id", "chatcmpl-scripted-" + call)
                .put("object", "chat.completion.chunk")
                .put("created", 1_767_225_600)
                .put("model", request.path("model").asText("scripted"));
    }

    private static String error(int status) {
        ObjectNode root = JSON.createObjectNode();
        root.putObject("error")
                .put("message", "scripted failure " + status)
                .put("type", "scripted")
                .put("code", status == 429 ? "rate_limit_exceeded" : "scripted");
        return root.toString();
    }

    /** Keeps the pace by the clock, so that slow writes do not add up; sends what waits before it pauses. */
    private void tick(Duration pace) throws IOException {
        if (!pace.isZero()) {
            wire.send();
            long now = System.nanoTime();
            if (sent > 0 || nextAt > now) {
                await(nextAt - now);
            }
            nextAt += pace.toNanos();
        }
        if (hungUp.getCount() == 0) {
            throw new IOException("the client hung up");
        }
    }

    private void pause(Duration duration) {
        if (!duration.isZero()) {
            await(duration.toNanos());
        }
    }

    private void await(long nanos) {
        try {
            if (hungUp.await(nanos, TimeUnit.NANOSECONDS)) {
                nextAt = System.nanoTime();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            hungUp.countDown();
        }
    }
}
