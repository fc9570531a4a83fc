package dev.continuo.attach;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.continuo.log.AnswerParts;
import dev.continuo.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Applies native frames as a page would, and says what it shows. */
final class Browser {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SOON = Duration.ofSeconds(10);

    final FakeSink sink = new FakeSink();
    private final List<String> chunks = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private String lastId = "";
    private Optional<JsonNode> terminal = Optional.empty();
    private Optional<JsonNode> snapshot = Optional.empty();
    private int read;

    private void apply() {
        var text = sink.text();
        if (!text.contains("\n\n")) {
            return;
        }
        int end = text.lastIndexOf("\n\n") + 2;
        for (var frame : text.substring(read, end).split("\n\n")) {
            if (frame.startsWith(":") || frame.startsWith("retry") || frame.isBlank()) {
                continue;
            }
            String name = "";
            String data = "";
            for (var line : frame.split("\n")) {
                if (line.startsWith("id: ")) {
                    lastId = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                }
            }
            apply(name, data);
        }
        read = end;
    }

    private void apply(String name, String data) {
        if (data.isEmpty()) {
            return;
        }
        if (name.isEmpty()) {
            chunks.add(data);
            assertThat(lastId).endsWith("." + chunks.size());
            return;
        }
        names.add(name);
        switch (name) {
            case "rewind" -> {
                int to = json(data).get("to").asInt();
                while (chunks.size() > to) {
                    chunks.removeLast();
                }
            }
            case "snapshot" -> snapshot = Optional.of(json(data));
            case "terminal" -> terminal = Optional.of(json(data));
            default -> {}
        }
    }

    void shows(String text) {
        Await.until("'" + text + "'", SOON, () -> text().equals(text));
    }

    JsonNode seesTheEnd() {
        Await.until("the terminal", SOON, () -> {
            apply();
            return terminal.isPresent();
        });
        return terminal.get();
    }

    /** What is shown is what is stored, to the byte. */
    void endsWith(String text) {
        var end = seesTheEnd();
        assertThat(text()).isEqualTo(text);
        assertThat(chunks).hasSize(end.get("n").asInt());
        assertThat(AnswerParts.sha256(text)).isEqualTo(end.get("sha256").asText());
    }

    String text() {
        apply();
        var text = new StringBuilder();
        for (var chunk : chunks) {
            text.append(json(chunk).path("delta").asText());
        }
        return text.toString();
    }

    String lastId() {
        apply();
        return lastId;
    }

    List<String> names() {
        apply();
        return names;
    }

    Optional<JsonNode> snapshot() {
        apply();
        return snapshot;
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }
}
