package dev.continuo.testkit;

/** One dispatched event. {@code id} is the stream's last event id at that moment, as {@code EventSource} shows it;
 * {@code name} is "message" where none was sent; {@code at} is {@link System#nanoTime()}. */
public record SseEvent(String id, String name, String data, long at) {
    public boolean is(String other) {
        return name.equals(other);
    }
}
