package dev.continuo.soak;

import static dev.continuo.soak.Invariant.I12;
import static dev.continuo.soak.Invariant.I9;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.testkit.SseClient;
import dev.continuo.testkit.SseEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Applies the chunks that an AI SDK client gets, as {@code useChat} does: every connection is a whole replay. */
final class ChunkView {
    private static final int EXCERPT = 8;

    private final Watched watched;
    private final List<Whole> wholes = new ArrayList<>();
    private final List<Violation> violations = new ArrayList<>();
    private final List<String> counted = new ArrayList<>();
    private boolean countedIsVoid;

    private ChunkView(Watched watched) {
        this.watched = watched;
    }

    /** A stream that said it was the whole answer. @param chunks empty where they were not counted */
    record Whole(int number, String run, boolean counting, String text, Optional<List<String>> chunks) {}

    record Result(Watched watched, List<Whole> wholes, List<Violation> violations) {
        Result withoutFrames() {
            return new Result(watched.withoutFrames(), wholes, violations);
        }
    }

    static Result of(Watched watched) {
        var view = new ChunkView(watched);
        watched.connections().stream().filter(c -> c.status() == 200).forEach(view::connection);
        view.violations.addAll(TokenCheck.of(watched));
        return new Result(watched, view.wholes, view.violations);
    }

    private void connection(Watched.Connection connection) {
        var stream = new Stream(connection);
        for (int i = 0; i < connection.events().size(); i++) {
            stream.apply(connection.events().get(i), i);
        }
        stream.end();
    }

    private boolean counting() {
        return watched.kind() == Watched.Kind.COUNTING;
    }

    private void violation(Invariant invariant, Watched.Connection connection, int at, String what) {
        violations.add(new Violation(
                invariant,
                connection.run(),
                "watcher " + watched.number() + " (" + watched.kind() + ") on " + connection.node() + ": " + what,
                Excerpts.around(watched, connection, at, EXCERPT)));
    }

    private final class Stream {
        private final Watched.Connection connection;
        private final Set<String> open = new HashSet<>();
        private final StringBuilder text = new StringBuilder();
        private int stepText;
        private boolean finished;
        private boolean over;
        private boolean unusable;

        Stream(Watched.Connection connection) {
            this.connection = connection;
        }

        void apply(SseEvent event, int at) {
            if (event.data().equals("[DONE]")) {
                if (!finished) {
                    violation(I12, connection, at, "[DONE] without a finish");
                }
                over = true;
                return;
            }
            if (over) {
                violation(I12, connection, at, "a chunk after [DONE]");
            }
            JsonNode chunk = Chunk.json(event.data());
            String type = chunk.path("type").asText();
            if (counting()) {
                count(event, chunk, at);
            }
            switch (type) {
                case "start-step" -> stepText = text.length();
                case "reset-step" -> {
                    text.setLength(stepText);
                    open.clear();
                }
                case "text-start" -> open.add(chunk.path("id").asText());
                case "text-delta" -> {
                    if (!counting() && !open.contains(chunk.path("id").asText())) {
                        violation(I9, connection, at, "a text-delta of a part that has not started");
                    }
                    text.append(Chunk.delta(chunk));
                }
                case "error" -> unusable |= ours(chunk);
                case "finish" -> finished = true;
                default -> {}
            }
        }

        /** What this surface itself has to say is no chunk of the log. */
        private boolean ours(JsonNode chunk) {
            String text = chunk.path("errorText").asText();
            return text.contains("was rewritten") || text.contains("ends early") || text.contains("was deleted");
        }

        private void count(SseEvent event, JsonNode chunk, int at) {
            if (countedIsVoid || ours(chunk)) {
                countedIsVoid = true;
                return;
            }
            Optional<Position> position = Position.parse(event.id());
            if (position.filter(made -> made.idx() == 0).isPresent()) {
                countedIsVoid = true; // An end that no log holds: the run was never claimed.
                return;
            }
            if (position.isPresent() && position.get().idx() != counted.size() + 1) {
                violation(
                        I9,
                        connection,
                        at,
                        "chunk " + counted.size() + " is record "
                                + position.get().idx());
            }
            counted.add(event.data());
        }

        void end() {
            if (over && finished && !unusable) {
                wholes.add(new Whole(
                        watched.number(),
                        connection.run(),
                        counting(),
                        text.toString(),
                        counting() && !countedIsVoid ? Optional.of(List.copyOf(counted)) : Optional.empty()));
            }
            if (connection.ending() == SseClient.Ending.CLEAN && !over && !counting()) {
                violation(I12, connection, connection.events().size() - 1, "a clean end without [DONE]");
            }
        }
    }
}
