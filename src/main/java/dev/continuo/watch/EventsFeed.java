package dev.continuo.watch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.continuo.attach.Batch;
import dev.continuo.attach.Feed;
import dev.continuo.attach.Signal;
import dev.continuo.identity.Caller;
import dev.continuo.json.Mappers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What changes in the conversations that one caller may see. */
final class EventsFeed implements Feed {
    private final Caller caller;
    private final Board board;
    private Map<String, ThreadStatus> said = Map.of();
    private List<ThreadStatus> seen;
    private Signal signal;
    private long firstLook;

    EventsFeed(Caller caller, Board board) {
        this.caller = caller;
        this.board = board;
    }

    @Override
    public void begin(Signal mine) {
        signal = mine;
        firstLook = board.join(caller.org(), mine);
    }

    @Override
    public Progress next(Batch out) {
        var now = board.of(caller.org());
        if (board.looked(firstLook) && now != seen) {
            seen = now;
            say(now, out);
        }
        return Progress.IDLE;
    }

    /** What leaves the board is forgotten; it is news when it comes back. */
    private void say(List<ThreadStatus> now, Batch out) {
        var next = new HashMap<String, ThreadStatus>();
        for (var status : now) {
            if (caller.readsAll() || status.creator().equals(caller.subject())) {
                next.put(status.shownId(), status);
                if (!status.equals(said.get(status.shownId()))) {
                    out.add(frame(status));
                }
            }
        }
        said = next;
    }

    private static byte[] frame(ThreadStatus s) {
        var data = JsonNodeFactory.instance
                .objectNode()
                .put("thread", s.shownId())
                .put("run", s.run().map(UUID::toString).orElse(null))
                .put("state", s.state())
                .put("title", s.title().orElse(null))
                .put("waiting", s.waiting())
                .put("edits", s.edits());
        return ("event: thread\ndata: " + Mappers.text(data) + "\n\n").getBytes(UTF_8);
    }

    @Override
    public void farewell(Batch out, Duration after) {
        out.add(("event: reconnect\ndata: {\"afterMs\":" + after.toMillis() + "}\n\n").getBytes(UTF_8));
    }

    @Override
    public void close() {
        if (signal != null) {
            board.leave(caller.org(), signal);
        }
    }
}
