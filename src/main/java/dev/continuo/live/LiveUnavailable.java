package dev.continuo.live;

/** JetStream does not answer now; whatever was asked for is in PostgreSQL, a little later. */
public final class LiveUnavailable extends Exception {
    public LiveUnavailable(String message) {
        super(message);
    }

    public LiveUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
