package dev.continuo.model;

import dev.continuo.egress.Lines;
import dev.continuo.model.ModelException.Kind;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.faulttolerance.Retry;

/**
 * The way to a provider, up to the headers of its answer. Only a connection that never came about is tried a second time
 * here: then no call was made; every other retry is a durable attempt of the run.
 */
@ApplicationScoped
class ProviderDoor {
    private final Lines lines;

    /** An answer that says the provider is in trouble; to its breaker it is a failure. */
    static final class ServerError extends Exception {
        private final transient HttpResponse<BodyQueue> response;

        ServerError(HttpResponse<BodyQueue> response) {
            super("status " + response.statusCode());
            this.response = response;
        }

        HttpResponse<BodyQueue> response() {
            return response;
        }
    }

    @Inject
    ProviderDoor(OpenAiSettings settings) {
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        this.lines = new Lines(() -> HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.patience().connect())
                .executor(threads)
                .build());
    }

    /** For the client proxy only. */
    ProviderDoor() {
        this.lines = null;
    }

    /** Calls under way are cut: this node is gone for their runs. */
    @PreDestroy
    void close() {
        lines.shutdownNow();
    }

    @Retry(maxRetries = 1, delay = 50, jitter = 20, retryOn = ConnectException.class)
    public HttpResponse<BodyQueue> open(HttpRequest request, ModelCall call, Duration atMost)
            throws IOException, ServerError, InterruptedException {
        return open(lines, request, call, atMost);
    }

    @Retry(maxRetries = 1, delay = 50, jitter = 20, retryOn = ConnectException.class)
    public HttpResponse<BodyQueue> open(Lines through, HttpRequest request, ModelCall call, Duration atMost)
            throws IOException, ServerError, InterruptedException {
        var response = send(through, request, call, atMost);
        if (response.statusCode() >= 500) {
            throw new ServerError(response);
        }
        return response;
    }

    private static HttpResponse<BodyQueue> send(Lines lines, HttpRequest request, ModelCall call, Duration atMost)
            throws IOException, InterruptedException {
        var client = lines.client();
        var body = new BodyQueue(() -> lines.fellSilent(client));
        var sent = client.sendAsync(request, _ -> body);
        call.opened(() -> {
            sent.cancel(true);
            body.close();
        });
        try {
            return sent.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            sent.cancel(true);
            body.fellSilent();
            throw new Failure(Kind.NO_FIRST_BYTE, "provider_silent", "no answer within " + atMost);
        } catch (InterruptedException e) {
            sent.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            throw unwrapped(e.getCause());
        }
    }

    /** A timeout of connecting is a failure to connect; the client library has two families for it. */
    private static IOException unwrapped(Throwable cause) {
        if (cause instanceof HttpTimeoutException) {
            var e = new ConnectException("no connection in time");
            e.initCause(cause);
            return e;
        }
        return cause instanceof IOException e ? e : new IOException(cause);
    }
}
