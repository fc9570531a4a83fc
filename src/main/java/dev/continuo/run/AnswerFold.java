package dev.continuo.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.continuo.log.LogRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

final class AnswerFold {
    private static final ObjectMapper JSON = new ObjectMapper();

    private AnswerFold() {}

    static StoredAnswer fold(List<LogRecord> log) {
        var text = new StringBuilder();
        try {
            for (LogRecord r : log) {
                var chunk = JSON.readTree(r.chunk());
                if (chunk.path("type").asText().equals("text-delta")) {
                    text.append(chunk.path("delta").asText());
                }
            }
            var parts = JsonNodeFactory.instance.arrayNode();
            if (text.isEmpty()) {
                return new StoredAnswer(parts, Optional.empty());
            }
            parts.addObject().put("type", "text").put("text", text.toString());
            var sha = MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return new StoredAnswer(parts, Optional.of(HexFormat.of().formatHex(sha)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
