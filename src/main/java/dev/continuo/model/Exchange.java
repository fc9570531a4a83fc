package dev.continuo.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.continuo.json.Mappers;
import dev.continuo.model.BodyQueue.Piece;
import dev.continuo.model.EventStream.Event;
import dev.continuo.model.ModelException.Kind;
import dev.continuo.model.OpenAiSettings.Patience;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import javax.net.ssl.SSLException;

/**
 * One call of a provider, blocking on the caller's thread. It decides when the stream is over: on {@code [DONE]}, at its
 * end, shortly after a finish reason, or by a {@link Failure} when one of three timers, a cap, a reset or an abort comes
 * first. Whether a finish reason came is read here, because LangChain4j drops those that it does not know.
 */
final class Exchange {
    private static final ObjectMapper JSON = Mappers.plain();
    private static final Duration AFTER_FINISH = Duration.ofSeconds(2);
    private static final Duration FOR_AN_ERROR_BODY = Duration.ofSeconds(2);
    private static final int ERROR_BODY = 64 * 1024;
    private static final long MAX_BYTES = 256L * 1024 * 1024;

    private final Dialect dialect;
    private final Passage passage;
    private final Patience patience;
    private final Refusals refusals;
    private final ModelCall call;
    private final Answer answer;
    private final long start = System.nanoTime();
    private Optional<String> finishReason = Optional.empty();
    private Usage usage = Usage.NONE;
    private boolean ended;
    private boolean done;
    private long bytes;

    Exchange(Dialect dialect, Passage passage, Patience patience, Refusals refusals, ModelCall call, Answer answer) {
        this.dialect = dialect;
        this.passage = passage;
        this.patience = patience;
        this.refusals = refusals;
        this.call = call;
        this.answer = answer;
    }

    /** What became of it, after {@link #run}. */
    ModelResult result() {
        return answer.result(dialect, finishReason, usage);
    }

    void run(HttpRequest request, ServerSentEventListener listener) {
        try {
            var response = open(request);
            if (response.statusCode() != 200) {
                throw refused(response);
            }
            whole(response.body(), listener);
            if (!ended && finishReason.isPresent()) {
                dialect.ending().ifPresent(last -> pass(last, listener));
            }
            listener.onClose();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw aborted();
        }
    }

    private void whole(BodyQueue body, ServerSentEventListener listener) throws InterruptedException {
        call.opened(body);
        try {
            read(body, listener);
        } catch (InterruptedException | RuntimeException e) {
            body.close();
            throw e;
        }
        body.release();
    }

    private HttpResponse<BodyQueue> open(HttpRequest request) throws InterruptedException {
        try {
            return passage.open(request, call, min(patience.firstByte(), left()));
        } catch (ProviderDoor.ServerError e) {
            return e.response();
        } catch (CancellationException e) {
            throw aborted();
        } catch (ConnectException | UnknownHostException | SSLException e) {
            throw new Failure(Kind.UNAVAILABLE, "provider_unreachable", "no connection", Optional.empty(), e);
        } catch (IOException e) {
            throw reset(e);
        }
    }

    private void read(BodyQueue body, ServerSentEventListener listener) throws InterruptedException {
        var events = new EventStream(event -> handle(event, listener));
        while (!done) {
            var patient = patient();
            switch (body.take(patient)) {
                case Piece.Bytes(var buffers) -> {
                    for (var buffer : buffers) {
                        count(buffer.remaining());
                        events.feed(buffer);
                    }
                }
                case Piece.End _ -> {
                    events.end();
                    done = true;
                }
                case Piece.Closed _ -> throw aborted();
                case Piece.Broken(var cause) -> orDone(reset(cause));
                case Piece.Nothing _ -> {
                    if (finishReason.isEmpty() && left().isPositive()) {
                        body.fellSilent();
                    }
                    orDone(late(patient));
                }
            }
        }
    }

    /** Once the provider has said why it stopped, the answer is whole, however the connection ends. */
    private void orDone(Failure failure) {
        if (call.aborted()) {
            throw aborted();
        }
        if (finishReason.isEmpty()) {
            throw failure;
        }
        done = true;
    }

    private void handle(Event event, ServerSentEventListener listener) {
        if (done) {
            return;
        }
        if (event.data().equals("[DONE]")) {
            done = true;
            return;
        }
        if (event.name().equals("error") || event.data().startsWith("{\"error\"")) {
            throw refusals.byEvent(event.data(), answer.begun());
        }
        if (!dialect.knows(event)) {
            return;
        }
        var signature = notice(event.data());
        pass(event, listener);
        signature.ifPresent(answer::signed);
        if (call.aborted()) {
            throw aborted();
        }
        if (dialect.ends(event)) {
            ended = true;
            done = true;
        }
    }

    private void pass(Event event, ServerSentEventListener listener) {
        var passing = new PassingEvent(event.name(), dialect.readable(event.data()));
        try {
            listener.onEvent(passing);
        } catch (RuntimeException e) {
            answer.onError(e);
        }
        passing.forget();
        answer.check();
    }

    /** What is to be kept of it comes after its words. */
    private Optional<Signature> notice(String data) {
        if (!dialect.tells(data)) {
            return Optional.empty();
        }
        try {
            var event = JSON.readTree(data);
            var reason = dialect.finish(event);
            if (reason.filter("error"::equals).isPresent()) {
                throw refusals.byEvent(data, answer.begun());
            }
            finishReason = reason.or(() -> finishReason);
            usage = dialect.usage(event, usage);
            return dialect.signature(event);
        } catch (JsonProcessingException e) {
            answer.onError(e);
            return Optional.empty();
        }
    }

    private Failure refused(HttpResponse<BodyQueue> response) throws InterruptedException {
        var text = new StringBuilder();
        try (var body = response.body()) {
            long until = System.nanoTime() + FOR_AN_ERROR_BODY.toNanos();
            while (text.length() < ERROR_BODY
                    && body.take(Duration.ofNanos(until - System.nanoTime())) instanceof Piece.Bytes(var buffers)) {
                buffers.forEach(b -> text.append(java.nio.charset.StandardCharsets.UTF_8.decode(b)));
            }
        }
        return refusals.byStatus(response.statusCode(), response.headers(), text.toString());
    }

    private Duration patient() {
        if (finishReason.isPresent()) {
            return min(AFTER_FINISH, min(patience.gap(), left()));
        }
        return min(bytes == 0 ? patience.firstByte().minus(elapsed()) : patience.gap(), left());
    }

    private Failure late(Duration waited) {
        if (!left().isPositive()) {
            return new Failure(Kind.TOO_LONG, "too_long", "the call took longer than " + patience.total());
        }
        return bytes == 0
                ? new Failure(Kind.NO_FIRST_BYTE, "provider_silent", "no byte within " + patience.firstByte())
                : new Failure(Kind.STALLED, "provider_stalled", "nothing came for " + waited);
    }

    private void count(int more) {
        bytes += more;
        if (bytes > MAX_BYTES) {
            throw new Failure(Kind.TOO_LONG, "too_long", "the stream is longer than " + MAX_BYTES + " bytes");
        }
    }

    private Failure reset(Throwable cause) {
        if (call.aborted()) {
            return aborted();
        }
        return new Failure(Kind.RESET, "provider_reset", "the provider's connection broke", Optional.empty(), cause);
    }

    private static Failure aborted() {
        return new Failure(Kind.ABORTED, "aborted", "the call was aborted");
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private Duration left() {
        return patience.total().minus(elapsed());
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
