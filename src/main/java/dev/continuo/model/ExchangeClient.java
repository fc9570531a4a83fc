package dev.continuo.model;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.time.Duration;

/**
 * LangChain4j's HTTP client, which knows neither the caller nor how to be aborted: both come from the {@link Exchange}
 * that is bound to the calling thread. Everything runs on that thread.
 */
final class ExchangeClient implements HttpClient {
    private static final ScopedValue<Exchange> EXCHANGE = ScopedValue.newInstance();

    static void with(Exchange exchange, Runnable call) {
        ScopedValue.where(EXCHANGE, exchange).run(call);
    }

    @Override
    public void execute(HttpRequest request, ServerSentEventParser ours, ServerSentEventListener listener) {
        EXCHANGE.get().run(request, listener);
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        throw new UnsupportedOperationException("models are streamed only");
    }

    /** Ignores LangChain4j's timeouts: an exchange has its own. */
    static final class Builder implements HttpClientBuilder {
        @Override
        public Duration connectTimeout() {
            return null;
        }

        @Override
        public HttpClientBuilder connectTimeout(Duration timeout) {
            return this;
        }

        @Override
        public Duration readTimeout() {
            return null;
        }

        @Override
        public HttpClientBuilder readTimeout(Duration timeout) {
            return this;
        }

        @Override
        public HttpClient build() {
            return new ExchangeClient();
        }
    }
}
