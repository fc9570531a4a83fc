package dev.continuo.model;

import dev.continuo.model.ModelException.Kind;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.langchain4j.model.output.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What LangChain4j makes of the stream, handed on. It would log and forget what a handler throws, so the first failure
 * is kept here and thrown by {@link #check}. Tool calls wait for the finish reason: a stream that breaks off inside of
 * one must not make it look complete.
 */
final class Answer implements StreamingChatResponseHandler {
    private final Consumer<ModelEvent> sink;
    private final long limit;
    private final List<ModelEvent> toolCalls = new ArrayList<>();
    private Optional<Signature> ofCalls = Optional.empty();
    private long size;
    private boolean begun;
    private ChatResponse complete;
    private RuntimeException failure;

    Answer(Consumer<ModelEvent> sink, long limit) {
        this.sink = sink;
        this.limit = limit;
    }

    boolean begun() {
        return begun;
    }

    @Override
    public void onPartialResponse(String text) {
        emit(new ModelEvent.TextDelta(text), text.length());
    }

    @Override
    public void onPartialThinking(PartialThinking thinking) {
        emit(new ModelEvent.ReasoningDelta(thinking.text()), thinking.text().length());
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall completed) {
        var call = completed.toolExecutionRequest();
        toolCalls.add(new ModelEvent.ToolCall(
                Objects.requireNonNullElse(call.id(), ""),
                Objects.requireNonNullElse(call.name(), ""),
                Objects.requireNonNullElse(call.arguments(), "")));
    }

    /** LangChain4j joins several of them to one that nobody has signed, so they are taken from the stream itself. */
    void signed(Signature signature) {
        if (signature.of() == Signature.Of.CALLS) {
            ofCalls = ofCalls.or(() -> Optional.of(signature));
        } else {
            emit(new ModelEvent.Signed(signature), signature.value().length());
        }
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        complete = response;
    }

    @Override
    public void onError(Throwable error) {
        fail(new Failure(
                Kind.MALFORMED,
                "provider_malformed",
                "the provider sent what cannot be read",
                Optional.empty(),
                error));
    }

    /** Throws what went wrong since the last time, also what the sink threw. */
    void check() {
        if (failure != null) {
            throw failure;
        }
    }

    /** @param told the usage as the stream told it; where it did not, LangChain4j knows */
    ModelResult result(Dialect dialect, Optional<String> finishReason, Usage told) {
        check();
        if (finishReason.isEmpty() || complete == null) {
            throw new Failure(
                    Kind.NO_FINISH_REASON,
                    "provider_cut_off",
                    "the stream ended, but nobody said that it was complete");
        }
        toolCalls.forEach(call -> emit(call, 0));
        ofCalls.ifPresent(s -> emit(new ModelEvent.Signed(s), s.value().length()));
        check();
        return new ModelResult(
                reason(dialect.reason(finishReason.get())),
                told.equals(Usage.NONE) ? usage(complete.tokenUsage()) : told,
                Optional.ofNullable(complete.metadata().id()));
    }

    private void emit(ModelEvent event, int length) {
        size += length;
        if (size > limit) {
            fail(new Failure(Kind.TOO_LONG, "too_long", "the answer is longer than " + limit));
        }
        if (failure != null) {
            return;
        }
        begun = true;
        try {
            sink.accept(event);
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void fail(RuntimeException e) {
        if (failure == null) {
            failure = e;
        }
    }

    /** Some providers know no reason of its own for a call of tools. */
    private FinishReason reason(FinishReason theirs) {
        return theirs == FinishReason.STOP && !toolCalls.isEmpty() ? FinishReason.TOOL_CALLS : theirs;
    }

    private static Usage usage(TokenUsage u) {
        if (u == null) {
            return Usage.NONE;
        }
        int reasoning = 0;
        int cached = 0;
        if (u instanceof OpenAiTokenUsage o) {
            reasoning = o.outputTokensDetails() == null
                    ? 0
                    : number(o.outputTokensDetails().reasoningTokens());
            cached = o.inputTokensDetails() == null
                    ? 0
                    : number(o.inputTokensDetails().cachedTokens());
        }
        return new Usage(number(u.inputTokenCount()), number(u.outputTokenCount()), reasoning, cached);
    }

    private static int number(Integer n) {
        return n == null ? 0 : Math.max(n, 0);
    }
}
