package dev.continuo.chat;

import dev.continuo.attach.Tails;
import dev.continuo.attach.Watchers;
import dev.continuo.identity.Caller;
import dev.continuo.run.RunQueries;
import dev.continuo.thread.Messages;
import dev.continuo.thread.StoredMessage;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** Opens the stream of one run for one chat client. */
@Singleton
class ChatStreams {
    private final Tails tails;
    private final Watchers watchers;
    private final Messages messages;
    private final RunQueries runs;

    @Inject
    ChatStreams(Tails tails, Watchers watchers, Messages messages, RunQueries runs) {
        this.tails = tails;
        this.watchers = watchers;
        this.messages = messages;
        this.runs = runs;
    }

    /** A run as its stream needs it. */
    record Run(UUID thread, UUID id, UUID answer) {}

    /** The exchange that carries the stream. */
    record Exchange(HttpServletRequest request, HttpServletResponse response, SseEventSink sink) {}

    void open(Exchange exchange, Caller caller, Run run, Viewing viewing, BooleanSupplier stillAllowed) {
        var headers = exchange.response();
        headers.setHeader("x-vercel-ai-ui-message-stream", "v1");
        headers.setHeader("x-continuo-run-id", run.id().toString());
        headers.setHeader("x-workflow-run-id", run.id().toString());
        var feed = new ChunkFeed(
                TailReadings.of(tails, run.thread(), run.id()),
                run.answer(),
                viewing,
                () -> retold(run),
                idx -> runs.isPausedAt(run.id(), idx),
                LibertyCut.of(exchange.request()));
        watchers.open(exchange.sink(), caller, feed, stillAllowed);
    }

    private List<byte[]> retold(Run run) {
        return messages.ofRun(run.id()).stream()
                .filter(m -> m.ord() == StoredMessage.ANSWER)
                .findFirst()
                .map(m -> Retold.of(run.answer(), m.parts()))
                .orElseGet(() -> List.of(SaidChunks.start(run.answer())));
    }
}
