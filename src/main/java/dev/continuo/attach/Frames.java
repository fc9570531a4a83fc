package dev.continuo.attach;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.continuo.json.Mappers;
import dev.continuo.log.Cursor;
import dev.continuo.log.Terminal;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** The native frames other than chunks, as bytes; each is one JSON data line, so that no content can forge a frame. */
final class Frames {
    static final byte[] RETRY = "retry: 1500\n\n".getBytes(UTF_8);
    static final byte[] KEEPALIVE = ": keepalive\n\n".getBytes(UTF_8);
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Frames() {}

    /** Only where nothing is in flight; {@code now} is the end of the last finished run, or 0. */
    static byte[] open(String now, String thread, Optional<UUID> run) {
        var data = JSON.objectNode().put("thread", thread);
        data.put("run", run.map(UUID::toString).orElse(null));
        return frame("open", now, data);
    }

    /** Where the client stands, without an event. */
    static byte[] id(String cursor) {
        return ("id: " + cursor + "\n\n").getBytes(UTF_8);
    }

    static byte[] message(UUID run, Asked asked, String state, OptionalInt position) {
        var data = JSON.objectNode().put("run", run.toString());
        data.set("message", asked.message());
        asked.after().ifPresent(after -> data.set("after", after));
        return frame("message", null, withPosition(data.put("state", state), position));
    }

    static byte[] state(UUID run, String state, OptionalInt position) {
        return frame(
                "state",
                null,
                withPosition(JSON.objectNode().put("run", run.toString()).put("state", state), position));
    }

    static byte[] rewind(UUID run, Reading.Rewound r) {
        var data =
                JSON.objectNode().put("run", run.toString()).put("to", r.to()).put("reason", r.reason());
        return frame("rewind", new Cursor(run, r.epoch(), r.to()).toString(), data);
    }

    /** Its id is that of the last record, for which it stands: a client that is cut here still gets the terminal. */
    static byte[] snapshot(UUID run, Terminal t, Optional<JsonNode> message) {
        var data = JSON.objectNode().put("run", run.toString());
        data.set("message", message.orElse(JSON.nullNode()));
        return frame("snapshot", new Cursor(run, t.epoch(), t.n()).toString(), data);
    }

    static byte[] terminal(UUID run, Terminal t) {
        var data = JSON.objectNode()
                .put("run", run.toString())
                .put("state", t.state())
                .put("messageId", t.messageId().toString())
                .put("answerId", t.answerId().map(UUID::toString).orElse(null))
                .put("n", t.n())
                .put("sha256", t.sha256().orElse(null));
        data.putRawValue(
                "usage",
                new RawValue(t.usageJson().orElse("null").replace('\n', ' ').replace('\r', ' ')));
        t.errorCode().ifPresent(code -> data.put("error", code));
        return frame("terminal", Cursor.end(run, t.epoch()).toString(), data);
    }

    /** Too far behind, or a cursor that says nothing here: the client reloads the messages. */
    static byte[] reset(String now, String thread) {
        return frame("reset", now, JSON.objectNode().put("thread", thread));
    }

    static byte[] reconnect(Duration after) {
        return frame("reconnect", null, JSON.objectNode().put("afterMs", after.toMillis()));
    }

    static byte[] event(String name, ObjectNode data) {
        return frame(name, null, data);
    }

    private static ObjectNode withPosition(ObjectNode data, OptionalInt position) {
        position.ifPresent(p -> data.put("position", p));
        return data;
    }

    private static byte[] frame(String event, String id, ObjectNode data) {
        var text = new StringBuilder("event: ").append(event).append('\n');
        if (id != null) {
            text.append("id: ").append(id).append('\n');
        }
        return text.append("data: ")
                .append(Mappers.text(data))
                .append("\n\n")
                .toString()
                .getBytes(UTF_8);
    }
}
