package dev.continuo.chat;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What OpenAPI says of a chat client's post; {@link ChatBody} reads it, whatever else is in it. */
@Schema(name = "ChatPost", additionalProperties = Schema.True.class)
record ChatPost(
        @Schema(description = "The chat's id, which is the thread's; not needed where the path has it")
        String id,

        @Schema(enumeration = {"submit-message", "regenerate-message"})
        String trigger,

        @Schema(description = "The answer to be replaced, or the message that is sent again with other words")
        String messageId,

        @Schema(description = "The history; only the last one, the user's, counts")
        List<Object> messages,

        @Schema(description = "The last message alone, instead of the history")
        Object message,

        String agent,
        String tier,
        String model,
        Double temperature,

        @Schema(
                enumeration = {"enqueue", "reject", "interrupt"},
                defaultValue = "enqueue")
        String onBusy) {}
