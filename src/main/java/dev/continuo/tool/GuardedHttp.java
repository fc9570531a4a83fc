package dev.continuo.tool;

import dev.continuo.egress.Egress;
import dev.continuo.egress.Refused;
import dev.continuo.secrets.Credential;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * The way to one MCP server, put where the library would have an HTTP client of its own: each request goes by
 * {@link Egress}, to an address that was checked and without redirects, carries the server's bearer, and ends in time. The
 * stream that a server may open for what nobody asked is never opened.
 */
final class GuardedHttp extends HttpClient {
    private static final ResponseInfo NO_STREAM = new Head(405);

    private final Egress egress;
    private final Optional<Credential> bearer;
    private final Duration life;
    private final Set<CompletableFuture<?>> inFlight = ConcurrentHashMap.newKeySet();
    private volatile boolean dropped;

    /** @param life how long one exchange may take, body included */
    GuardedHttp(Egress egress, Optional<Credential> bearer, Duration life) {
        this.egress = egress;
        this.bearer = bearer;
        this.life = life;
    }

    /** Ends what is in flight, and refuses what comes after. */
    void drop() {
        dropped = true;
        inFlight.forEach(exchange -> exchange.cancel(true));
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, BodyHandler<T> handler) {
        if (request.method().equals("GET")) {
            return withoutStream(handler);
        }
        var result = new CompletableFuture<HttpResponse<T>>();
        inFlight.add(result);
        result.whenComplete((_, _) -> inFlight.remove(result));
        if (dropped) {
            result.cancel(true);
        }
        result.orTimeout(life.toMillis(), TimeUnit.MILLISECONDS);
        Thread.ofVirtual().name("mcp-http").start(() -> send(request, handler, result));
        return result;
    }

    private <T> void send(HttpRequest request, BodyHandler<T> handler, CompletableFuture<HttpResponse<T>> result) {
        try {
            var way = egress.to(request.uri());
            var checked = HttpRequest.newBuilder(request, (name, _) -> !name.equalsIgnoreCase("Authorization"))
                    .uri(way.uri())
                    .header("Host", way.host());
            bearer.ifPresent(b -> checked.header("Authorization", "Bearer " + b.reveal()));
            if (result.isDone()) {
                return;
            }
            var sent = way.client().sendAsync(checked.build(), handler);
            sent.whenComplete((response, failure) -> {
                if (failure == null) {
                    result.complete(response);
                } else {
                    result.completeExceptionally(failure instanceof CompletionException c ? c.getCause() : failure);
                }
            });
            result.whenComplete((_, failure) -> {
                if (failure != null) {
                    sent.cancel(true);
                }
            });
        } catch (IOException | Refused | IllegalArgumentException e) {
            result.completeExceptionally(e);
        }
    }

    /** As a server answers that has no such stream. */
    private static <T> CompletableFuture<HttpResponse<T>> withoutStream(BodyHandler<T> handler) {
        var body = handler.apply(NO_STREAM);
        body.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {}

            @Override
            public void cancel() {}
        });
        body.onComplete();
        return body.getBody().thenApply(_ -> (HttpResponse<T>) null).toCompletableFuture();
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, BodyHandler<T> handler, PushPromiseHandler<T> pushed) {
        return sendAsync(request, handler);
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) {
        return sendAsync(request, handler).join();
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return Optional.empty();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return Optional.empty();
    }

    @Override
    public Redirect followRedirects() {
        return Redirect.NEVER;
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return Optional.empty();
    }

    @Override
    public SSLContext sslContext() {
        throw new UnsupportedOperationException("that of egress");
    }

    @Override
    public SSLParameters sslParameters() {
        throw new UnsupportedOperationException("those of egress");
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return Optional.empty();
    }

    @Override
    public Version version() {
        return Version.HTTP_1_1;
    }

    @Override
    public Optional<Executor> executor() {
        return Optional.empty();
    }

    private record Head(int statusCode) implements ResponseInfo {
        @Override
        public HttpHeaders headers() {
            return HttpHeaders.of(Map.of(), (_, _) -> true);
        }

        @Override
        public Version version() {
            return Version.HTTP_1_1;
        }
    }

    /** What the library asks for a client: this one, whatever it wishes for besides. */
    HttpClient.Builder asBuilder() {
        return new Ready(this);
    }

    private record Ready(HttpClient build) implements HttpClient.Builder {
        @Override
        public Builder cookieHandler(CookieHandler ignored) {
            return this;
        }

        @Override
        public Builder connectTimeout(Duration ignored) {
            return this;
        }

        @Override
        public Builder sslContext(SSLContext ignored) {
            return this;
        }

        @Override
        public Builder sslParameters(SSLParameters ignored) {
            return this;
        }

        @Override
        public Builder executor(Executor ignored) {
            return this;
        }

        @Override
        public Builder followRedirects(Redirect ignored) {
            return this;
        }

        @Override
        public Builder version(Version ignored) {
            return this;
        }

        @Override
        public Builder priority(int ignored) {
            return this;
        }

        @Override
        public Builder proxy(ProxySelector ignored) {
            return this;
        }

        @Override
        public Builder authenticator(Authenticator ignored) {
            return this;
        }
    }
}
