package dev.continuo.attach;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import java.lang.reflect.Type;

/**
 * Ready-made frames dressed as one event. The sink writes {@code id: } or {@code event: }, then what we return here
 * byte for byte, then two line ends; so the batch goes without its first few and its last two bytes.
 */
record RawEvent(String name, String id, String comment, long retry) implements OutboundSseEvent {
    static RawEvent of(byte[] bytes, int from, int to) {
        int first = bytes[from];
        int end = to - 2;
        return switch (first) {
            case 'i' -> new RawEvent(null, text(bytes, from + "id: ".length(), end), null, -1);
            case 'e' -> new RawEvent(text(bytes, from + "event: ".length(), end), null, null, -1);
            case ':' -> new RawEvent(null, null, text(bytes, from + ": ".length(), end), -1);
            case 'r' -> new RawEvent(null, null, null, Long.parseLong(text(bytes, from + "retry: ".length(), end)));
            default -> throw new IllegalArgumentException("frames cannot begin with '" + (char) first + "'");
        };
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, UTF_8);
    }

    @Override
    public String getId() {
        return id;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public String getComment() {
        return comment;
    }

    @Override
    public long getReconnectDelay() {
        return retry;
    }

    @Override
    public boolean isReconnectDelaySet() {
        return retry >= 0;
    }

    @Override
    public Class<?> getType() {
        return String.class;
    }

    @Override
    public Type getGenericType() {
        return String.class;
    }

    @Override
    public MediaType getMediaType() {
        return MediaType.TEXT_PLAIN_TYPE;
    }

    @Override
    public Object getData() {
        return null;
    }
}
