package dev.continuo.egress;

import java.net.http.HttpClient;
import java.util.function.Supplier;

/**
 * A client whose open connections are forgotten once one of them fell silent. A middlebox that loses its state loses it
 * for the idle ones, too, and whoever takes such a connection waits in vain until its patience for the first byte ends;
 * {@link HttpClient} cannot be told to drop them, so another one takes its place. What is under way goes on.
 */
public final class Lines {
    private final Supplier<HttpClient> build;
    private HttpClient client;

    public Lines(Supplier<HttpClient> build) {
        this.build = build;
        this.client = build.get();
    }

    public synchronized HttpClient client() {
        return client;
    }

    /** A request that went through {@code used} hears nothing; many may say so, and one new client comes of it. */
    public synchronized void fellSilent(HttpClient used) {
        if (client == used) {
            // not shut down: somebody may hold it and be about to send, and without a holder it ends by itself
            client = build.get();
        }
    }

    /** Cuts what is under way. */
    public synchronized void shutdownNow() {
        client.shutdownNow();
    }
}
