package dev.continuo.thread;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.UUID;

/** A message before it has its row. */
public record NewMessage(
        UUID id,
        UUID thread,
        long turn,
        int ord,
        String role,
        JsonNode parts,
        Optional<JsonNode> metadata,
        Optional<String> clientId,
        Optional<byte[]> bodyHash,
        UUID run,
        Extent extent) {
    public enum Extent {
        COMPLETE,
        PARTIAL
    }
}
