package dev.continuo.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.continuo.log.AnswerParts;
import dev.continuo.log.LogRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What somebody sees of one run who applies the native frames, and nothing but them. Every frame is checked as it comes:
 * a hole, a repeat or a step back that no frame announced is an {@link AssertionError}.
 */
public final class RunView {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String run;
    private final TreeMap<Integer, JsonNode> chunks = new TreeMap<>();
    private final TreeMap<Integer, Long> epochs = new TreeMap<>();
    private final List<JsonNode> rewinds = new ArrayList<>();
    private Optional<JsonNode> terminal = Optional.empty();
    private Optional<JsonNode> snapshot = Optional.empty();

    private RunView(String run) {
        this.run = run;
    }

    /** Of one stream, or of several one after the other, as a client sees them that reconnects. */
    public static RunView of(String run, List<SseEvent> events) {
        var view = new RunView(run);
        events.forEach(view::apply);
        return view;
    }

    private void apply(SseEvent event) {
        var data = json(event.data());
        if (event.id().startsWith(run) && event.is("message") && data.has("type")) {
            chunk(event.id(), data);
        } else if (data.path("run").asText().equals(run)) {
            switch (event.name()) {
                case "rewind" -> rewind(data);
                case "terminal" -> terminal(data);
                case "snapshot" -> snapshot = Optional.of(data);
                default -> {}
            }
        }
    }

    private void chunk(String id, JsonNode chunk) {
        var parts = id.split("\\.");
        int idx = Integer.parseInt(parts[2]);
        long epoch = Long.parseLong(parts[1]);
        if (terminal.isPresent()) {
            throw new AssertionError("a chunk after the terminal: " + id);
        }
        if (idx != (chunks.isEmpty() ? 0 : chunks.lastKey()) + 1) {
            throw new AssertionError("chunk " + id + " after " + (chunks.isEmpty() ? 0 : chunks.lastKey()));
        }
        if (!epochs.isEmpty() && epoch < epochs.lastEntry().getValue()) {
            throw new AssertionError("the epoch goes back at " + id);
        }
        chunks.put(idx, chunk);
        epochs.put(idx, epoch);
    }

    private void rewind(JsonNode data) {
        int to = data.path("to").asInt();
        if (chunks.isEmpty() || to >= chunks.lastKey()) {
            throw new AssertionError("a rewind to " + to + " for one who has " + chunks.keySet());
        }
        rewinds.add(data);
        chunks.tailMap(to, false).clear();
        epochs.tailMap(to, false).clear();
    }

    private void terminal(JsonNode data) {
        if (terminal.isPresent()) {
            throw new AssertionError("a second terminal: " + data);
        }
        terminal = Optional.of(data);
        if (snapshot.isEmpty()) {
            int last = chunks.isEmpty() ? 0 : chunks.lastKey();
            if (last != data.path("n").asInt()) {
                throw new AssertionError("the terminal says " + data + " but " + last + " chunks were shown");
            }
            if (data.hasNonNull("sha256") && !data.path("sha256").asText().equals(sha256(text()))) {
                throw new AssertionError("the text shown is not the text stored: " + data + ": " + text());
            }
        }
    }

    public String text() {
        var text = new StringBuilder();
        chunks.values().stream()
                .filter(chunk -> chunk.path("type").asText().equals("text-delta"))
                .forEach(chunk -> text.append(chunk.path("delta").asText()));
        return text.toString();
    }

    /** What is on the screen, folded into the parts of a message as clients fold it; reasons of a denial are not shown. */
    public List<JsonNode> parts() {
        return AnswerParts.fold(chunks.entrySet().stream()
                        .map(c -> new LogRecord(
                                c.getKey(),
                                epochs.get(c.getKey()),
                                c.getValue().toString().getBytes(StandardCharsets.UTF_8)))
                        .toList())
                .parts();
    }

    /** How often a chunk of this type is on the screen. */
    public long count(String type) {
        return chunks.values().stream()
                .filter(chunk -> chunk.path("type").asText().equals(type))
                .count();
    }

    /** idx → epoch of what is on the screen. */
    public Map<Integer, Long> epochs() {
        return Map.copyOf(epochs);
    }

    public List<JsonNode> rewinds() {
        return List.copyOf(rewinds);
    }

    public Optional<JsonNode> terminal() {
        return terminal;
    }

    public Optional<JsonNode> snapshot() {
        return snapshot;
    }

    public String state() {
        return terminal.map(t -> t.path("state").asText()).orElse("unfinished");
    }

    /** The text that the API has stored as the answer of a run. */
    public static String stored(Api api, String thread, String run) {
        var text = new StringBuilder();
        for (var part : storedParts(api, thread, run)) {
            if (part.path("type").asText().equals("text")) {
                text.append(part.path("text").asText());
            }
        }
        return text.toString();
    }

    /** The parts of that answer; none where nothing is stored. */
    public static List<JsonNode> storedParts(Api api, String thread, String run) {
        var parts = new ArrayList<JsonNode>();
        for (var message : (ArrayNode) api.messages(thread).path("items")) {
            if (message.path("runId").asText().equals(run)
                    && message.path("role").asText().equals("assistant")) {
                message.path("parts").forEach(parts::add);
            }
        }
        return parts;
    }

    private static JsonNode json(String data) {
        try {
            return JSON.readTree(data);
        } catch (IOException e) {
            throw new UncheckedIOException("a frame without JSON: " + data, e);
        }
    }

    private static String sha256(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
