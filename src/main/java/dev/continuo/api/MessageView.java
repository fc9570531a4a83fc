package dev.continuo.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.thread.StoredMessage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A message as JSON; its id is the client's where it brought one. */
@Schema(name = "Message")
public record MessageView(
        String id,

        @Schema(enumeration = {"user", "assistant", "system"})
        String role,

        @Schema(type = SchemaType.ARRAY, implementation = Object.class, description = "UIMessage parts")
        JsonNode parts,

        @Schema(implementation = Object.class) Optional<JsonNode> metadata,

        @Schema(description = "The run that answers it on this branch, or that wrote it")
        UUID runId,

        @Schema(description = "All ways in which this was said, or answered, in order; empty where there is one only")
        List<String> siblings,

        @Schema(description = "false: an answer that was cut off, with what there was of it")
        boolean complete,

        Instant createdAt) {
    static MessageView of(StoredMessage m, List<String> siblings) {
        return new MessageView(
                m.shownId(), m.role(), m.parts(), m.metadata(), m.run(), siblings, m.complete(), m.createdAt());
    }

    @Schema(name = "Messages")
    public record Listed(
            List<MessageView> items,

            @Schema(description = "Send it as 'before' to get older ones")
            Optional<String> next) {}
}
