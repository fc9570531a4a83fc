package dev.continuo.intake;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.run.RunOptions;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A message as its sender sent it.
 *
 * @param thread our id or the client's; unknown ones become the client's id of a new thread; empty makes a new thread
 * @param key the client's id of the message, which is its idempotency key; empty where it brought none
 * @param parts an array of UIMessage parts
 * @param branch where it belongs
 */
public record SentMessage(
        UUID org,
        String subject,
        Optional<String> thread,
        Optional<String> key,
        String role,
        JsonNode parts,
        Optional<JsonNode> metadata,
        RunOptions options,
        OnBusy onBusy,
        Branch branch) {
    public SentMessage {
        Objects.requireNonNull(branch);
        Objects.requireNonNull(org);
        Objects.requireNonNull(subject);
        Objects.requireNonNull(onBusy);
        if (!parts.isArray()) {
            throw new IllegalArgumentException("the parts of a message are an array");
        }
    }

    /** At the end of the thread's active branch. */
    public SentMessage(
            UUID org,
            String subject,
            Optional<String> thread,
            Optional<String> key,
            String role,
            JsonNode parts,
            Optional<JsonNode> metadata,
            RunOptions options,
            OnBusy onBusy) {
        this(org, subject, thread, key, role, parts, metadata, options, onBusy, new Branch.Newest());
    }
}
