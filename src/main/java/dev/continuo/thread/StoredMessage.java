package dev.continuo.thread;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * One entry of a thread.
 *
 * @param turn the turn of its run: it orders the thread
 * @param ord 0 for the message that was sent, 1 for the answer to it
 * @param parts an array of UIMessage parts; nobody changes it
 * @param complete false for an answer that was cut off
 */
public record StoredMessage(
        UUID id,
        Optional<String> clientId,
        UUID thread,
        long turn,
        int ord,
        String role,
        JsonNode parts,
        Optional<JsonNode> metadata,
        UUID run,
        boolean complete,
        Instant createdAt) {
    public static final int SENT = 0;
    public static final int ANSWER = 1;

    public StoredMessage {
        Objects.requireNonNull(id);
        if (!parts.isArray()) {
            throw new IllegalArgumentException("the parts of a message are an array");
        }
    }

    /** The client's id where it brought one. */
    public String shownId() {
        return clientId.orElseGet(id::toString);
    }
}
