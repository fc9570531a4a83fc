package dev.continuo.egress;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;

/**
 * How to reach a URL by the address that was checked.
 *
 * @param uri with the address in the place of the name
 * @param host what the Host header says, and whom the certificate must name
 */
public record Way(Lines lines, URI uri, String host) {
    public HttpClient client() {
        return lines.client();
    }

    public HttpRequest.Builder request() {
        return HttpRequest.newBuilder(uri).header("Host", host);
    }
}
