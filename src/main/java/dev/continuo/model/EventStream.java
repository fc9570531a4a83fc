package dev.continuo.model;

import dev.continuo.model.ModelException.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Server-sent events out of bytes that may be anything. A line, and the data of one event, have at most 1 MiB; invalid
 * UTF-8 becomes U+FFFD.
 */
final class EventStream {
    static final int MAX_LINE = 1024 * 1024;

    record Event(String name, String data) {}

    private final Consumer<Event> sink;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
    private final StringBuilder data = new StringBuilder();
    private String name = "";
    private boolean afterReturn;

    EventStream(Consumer<Event> sink) {
        this.sink = sink;
    }

    void feed(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            byte b = bytes.get();
            if (b == '\n' && afterReturn) {
                afterReturn = false;
            } else if (b == '\n' || b == '\r') {
                afterReturn = b == '\r';
                endLine();
            } else {
                afterReturn = false;
                line.write(b);
                if (line.size() > MAX_LINE) {
                    throw tooLarge();
                }
            }
        }
    }

    /** A last event without its empty line still counts, if it looks whole. */
    void end() {
        endLine();
        if (data.length() > 0 && (data.charAt(data.length() - 1) == '}' || data.charAt(data.length() - 1) == ']')) {
            endEvent();
        }
    }

    private void endLine() {
        var text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (text.isEmpty()) {
            endEvent();
        } else if (text.startsWith("data:")) {
            if (data.length() + text.length() > MAX_LINE) {
                throw tooLarge();
            }
            if (data.length() > 0) {
                data.append('\n');
            }
            data.append(value(text, "data:"));
        } else if (text.startsWith("event:")) {
            name = value(text, "event:");
        }
    }

    private void endEvent() {
        if (data.length() > 0) {
            var event = new Event(name, data.toString());
            data.setLength(0);
            sink.accept(event);
        }
        name = "";
    }

    private static String value(String line, String field) {
        int from = field.length();
        return line.substring(line.length() > from && line.charAt(from) == ' ' ? from + 1 : from);
    }

    private static Failure tooLarge() {
        return new Failure(Kind.MALFORMED, "provider_malformed", "an event of the provider is larger than 1 MiB");
    }
}
