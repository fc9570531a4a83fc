package dev.continuo.model;

import dev.continuo.egress.Egress;
import dev.continuo.egress.Refused;
import dev.continuo.model.ModelException.Kind;
import dev.langchain4j.http.client.HttpRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The way of one request to its provider. */
interface Passage {
    HttpResponse<BodyQueue> open(HttpRequest request, ModelCall call, Duration atMost)
            throws IOException, ProviderDoor.ServerError, InterruptedException;

    /** To the provider of the configuration: whoever set it up knows where it is. */
    static Passage trusted(ProviderDoor door) {
        return (request, call, atMost) -> door.open(
                filled(java.net.http.HttpRequest.newBuilder(URI.create(request.url())), request), call, atMost);
    }

    /** To a place that a user named: checked anew for each call, and reached by the address that was checked. */
    static Passage guarded(ProviderDoor door, Egress egress) {
        return (request, call, atMost) -> {
            try {
                var way = egress.to(URI.create(request.url()));
                return door.open(way.lines(), filled(way.request(), request), call, atMost);
            } catch (Refused e) {
                throw new Failure(Kind.REJECTED, e.code(), e.getMessage());
            }
        };
    }

    private static java.net.http.HttpRequest filled(java.net.http.HttpRequest.Builder http, HttpRequest request) {
        http.POST(BodyPublishers.ofString(Requests.asSent(request.body())));
        request.headers().forEach((name, values) -> values.forEach(value -> http.header(name, value)));
        return http.setHeader("Accept", "text/event-stream").build();
    }
}
