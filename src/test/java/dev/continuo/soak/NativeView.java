package dev.continuo.soak;

import static dev.continuo.soak.Invariant.I10;
import static dev.continuo.soak.Invariant.I11;
import static dev.continuo.soak.Invariant.I12;
import static dev.continuo.soak.Invariant.I3;
import static dev.continuo.soak.Invariant.I8;
import static dev.continuo.soak.Invariant.I9;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.testkit.SseClient;
import dev.continuo.testkit.SseEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Applies native frames as a client would, and nothing but them, and names every frame that does not fit. */
final class NativeView {
    private static final int EXCERPT = 8;

    private final Watched watched;
    private final Map<String, Seen> runs = new HashMap<>();
    private final List<Seen> all = new ArrayList<>();
    private final List<Violation> violations = new ArrayList<>();
    private final List<String> ends = new ArrayList<>();
    private Optional<Seen> current = Optional.empty();
    private Watched.Connection connection;
    private int at;

    private NativeView(Watched watched) {
        this.watched = watched;
    }

    /** @param ends the runs whose terminals came, in that order; a reset is an empty name between them */
    record Result(Watched watched, List<Seen> seen, List<String> ends, List<Violation> violations) {
        Result withoutFrames() {
            return new Result(watched.withoutFrames(), seen, ends, violations);
        }
    }

    static Result of(Watched watched) {
        var view = new NativeView(watched);
        watched.connections().forEach(view::connection);
        view.violations.addAll(TokenCheck.of(watched));
        return new Result(watched, view.all, view.ends, view.violations);
    }

    private void connection(Watched.Connection next) {
        connection = next;
        if (next.guessed() && next.status() == 200) {
            guess(next.cursor());
        }
        for (at = 0; at < next.events().size(); at++) {
            apply(next.events().get(at));
        }
        if (next.status() == 200 && next.ending() == SseClient.Ending.CLEAN && !mayEnd(next)) {
            violation(I12, subject(), "the stream ended as if it were whole");
        }
    }

    /** Somebody with a made-up cursor is a new client: it believes to have what its cursor says, and nothing else. */
    private void guess(String cursor) {
        startAfresh();
        Position.parse(cursor).ifPresent(position -> {
            var seen = seen(position.run());
            seen.guessed = true;
            seen.unknown = position.idx() == Position.END ? 0 : position.idx();
            seen.knownEpoch = position.epoch();
        });
    }

    private void startAfresh() {
        runs.clear();
        current = Optional.empty();
        ends.add("");
    }

    private boolean mayEnd(Watched.Connection ended) {
        if (ended.events().isEmpty()) {
            return false;
        }
        SseEvent last = ended.events().getLast();
        return last.is("reconnect") || last.is("terminal") && watched.kind() != Watched.Kind.THREAD;
    }

    private void apply(SseEvent event) {
        JsonNode data = Chunk.json(event.data());
        switch (event.name()) {
            case "message" -> {
                if (data.has("type")) {
                    Position.parse(event.id())
                            .ifPresentOrElse(
                                    id -> chunk(id, event, data),
                                    () -> violation(I9, subject(), "a chunk without a position"));
                }
            }
            case "rewind" -> rewind(event, data);
            case "snapshot" -> seen(data.path("run").asText()).snapshot = Optional.of(text(data.path("message")));
            case "terminal" -> terminal(event, data);
            case "reset" -> startAfresh();
            default -> {}
        }
    }

    private void chunk(Position id, SseEvent event, JsonNode data) {
        current.filter(other -> !other.run.equals(id.run()) && other.end.isEmpty())
                .ifPresent(other -> violation(I9, other.run, "a record of " + id.run() + " came before its terminal"));
        Seen seen = seen(id.run());
        current = Optional.of(seen);
        if (seen.end.isPresent() && !seen.guessed) {
            violation(I9, id.run(), "a record after the terminal");
        }
        if (id.idx() != seen.last() + 1) {
            violation(I9, id.run(), "idx " + id.idx() + " came after " + seen.last());
        }
        if (id.epoch() < seen.lastEpoch()) {
            violation(I8, id.run(), "epoch " + id.epoch() + " came after " + seen.lastEpoch());
        }
        seen.knownEpoch = Math.max(seen.knownEpoch, id.epoch());
        seen.records.add(new Seen.Shown(id.idx(), id.epoch(), event.data(), Chunk.delta(data), seen.knownEpoch));
    }

    private void rewind(SseEvent event, JsonNode data) {
        Seen seen = seen(data.path("run").asText());
        int to = data.path("to").asInt();
        long epoch = Position.parse(event.id()).map(Position::epoch).orElse(0L);
        if (to >= seen.last() && !seen.guessed) {
            violation(I11, seen.run, "a rewind to " + to + " for one who has " + seen.last());
        }
        boolean neverWas = seen.guessed
                && seen.records.isEmpty()
                && seen.backs.isEmpty()
                && data.path("reason").asText().equals("unknown-epoch");
        seen.backs.add(new Seen.Back(seen.last(), seen.lastEpoch(), to, epoch, seen.guessed, isBeyond(data)));
        seen.cutTo(to);
        seen.knownEpoch = neverWas ? epoch : Math.max(seen.knownEpoch, epoch);
        if (seen.unknown == 0) {
            seen.guessed = false;
        }
    }

    /** Only whoever has just come may have what this node does not know yet. */
    private boolean isBeyond(JsonNode rewind) {
        return rewind.path("reason").asText().equals("unknown-idx")
                && connection.events().subList(0, at).stream()
                        .noneMatch(e -> e.is("message") && Chunk.json(e.data()).has("type"));
    }

    private void terminal(SseEvent event, JsonNode data) {
        Seen seen = seen(data.path("run").asText());
        var end = new Seen.End(
                data.path("state").asText(),
                Position.parse(event.id()).map(Position::epoch).orElse(-1L),
                data.path("n").asInt(),
                Optional.ofNullable(data.path("sha256").textValue()));
        if (seen.end.isPresent() && !seen.guessed) {
            violation(I3, seen.run, "a second terminal");
        }
        if (seen.snapshot.isEmpty() && !seen.guessed && seen.last() != end.n()) {
            violation(I10, seen.run, "the terminal says n=" + end.n() + " and " + seen.last() + " were shown");
        }
        seen.end = Optional.of(end);
        ends.add(seen.run);
        current = Optional.empty();
    }

    private Seen seen(String run) {
        return runs.computeIfAbsent(run, id -> {
            var seen = new Seen(id);
            all.add(seen);
            return seen;
        });
    }

    private static String text(JsonNode message) {
        var text = new StringBuilder();
        message.path("parts").forEach(part -> {
            if (part.path("type").asText().equals("text")) {
                text.append(part.path("text").asText());
            }
        });
        return text.toString();
    }

    private String subject() {
        return connection.run().isEmpty() ? watched.thread() : connection.run();
    }

    private void violation(Invariant invariant, String subject, String what) {
        violations.add(new Violation(
                invariant,
                subject,
                "watcher " + watched.number() + " (" + watched.kind() + ") on " + connection.node() + ": " + what,
                Excerpts.around(watched, connection, at, EXCERPT)));
    }
}
