package dev.continuo.api;

import dev.continuo.intake.Acceptance.Accepted;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What 202 promises: these exist from now on. */
@Schema(name = "Accepted")
public record AcceptedView(
        String threadId,
        String messageId,
        UUID runId,
        UUID answerId,
        @Schema(description = "The run's state") String state,

        @Schema(description = "How many unfinished runs of the thread come first")
        int position) {
    static AcceptedView of(Accepted a) {
        return new AcceptedView(
                a.threadShown(),
                a.messageShown(),
                a.run(),
                a.answer(),
                a.state().apiName(),
                a.position());
    }
}
