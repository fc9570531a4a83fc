package dev.continuo.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The event-stream grammar of the HTML standard, byte by byte. */
final class SseParser {
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final List<SseEvent> events = new ArrayList<>();
    private final List<String> comments = new ArrayList<>();
    private boolean afterReturn;
    private String lastEventId;
    private String idBuffer;
    private String name = "";
    private StringBuilder data = new StringBuilder();
    private boolean hasData;

    SseParser(String lastEventId) {
        this.lastEventId = lastEventId;
        this.idBuffer = lastEventId;
    }

    void accept(int b) {
        if (afterReturn && b == '\n') {
            afterReturn = false;
            return;
        }
        afterReturn = b == '\r';
        if (b == '\n' || b == '\r') {
            line(line.toString(StandardCharsets.UTF_8));
            line.reset();
        } else {
            line.write(b);
        }
    }

    private void line(String text) {
        if (text.isEmpty()) {
            dispatch();
            return;
        }
        int colon = text.indexOf(':');
        if (colon == 0) {
            comments.add(text.substring(1).strip());
            return;
        }
        String field = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + 1);
        value = value.startsWith(" ") ? value.substring(1) : value;
        switch (field) {
            case "id" -> idBuffer = value.indexOf('\0') < 0 ? value : idBuffer;
            case "event" -> name = value;
            case "data" -> {
                data.append(value).append('\n');
                hasData = true;
            }
            default -> {} // "retry" and unknown fields
        }
    }

    private void dispatch() {
        lastEventId = idBuffer;
        if (hasData) {
            data.setLength(data.length() - 1);
            events.add(
                    new SseEvent(lastEventId, name.isEmpty() ? "message" : name, data.toString(), System.nanoTime()));
        }
        name = "";
        data = new StringBuilder();
        hasData = false;
    }

    List<SseEvent> events() {
        return events;
    }

    List<String> comments() {
        return comments;
    }

    String lastEventId() {
        return lastEventId;
    }
}
