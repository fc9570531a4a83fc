package dev.continuo.answer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.identity.Audit;
import dev.continuo.identity.Audited;
import dev.continuo.nats.Hints;
import dev.continuo.run.AnswerResult;
import dev.continuo.run.AnswerResult.Resumed;
import dev.continuo.run.Pauses;
import dev.continuo.run.Question;
import dev.continuo.thread.Viewer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Takes a person's answer to one question of a run. The row is the truth; nodes learn of it by a hint, or by looking. */
@Singleton
public class Answering {
    private final Pauses pauses;
    private final Audited audited;
    private final Hints hints;

    @Inject
    public Answering(Pauses pauses, Audited audited, Hints hints) {
        this.pauses = pauses;
        this.audited = audited;
        this.hints = hints;
    }

    /**
     * The same answer again is no other one.
     *
     * @param answer {@code {"approved": …, "reason": …}} or {@code {"output": …}}
     */
    public AnswerResult answer(Viewer viewer, UUID run, String callId, JsonNode answer, Audit.By by) {
        var result = audited.step(
                by, "run.answer", run.toString(), () -> pauses.answer(viewer, run, callId, answer), Answering::state);
        if (result instanceof Resumed resumed) {
            hints.lookNow();
            hints.threadChanged(resumed.org(), resumed.thread());
        }
        return result;
    }

    /** The run's, where this has changed anything. */
    private static Optional<String> state(AnswerResult result) {
        return switch (result) {
            case Resumed _ -> Optional.of("queued");
            case AnswerResult.MoreToAnswer _ -> Optional.of("requires_action");
            case AnswerResult.Repeated _,
                    AnswerResult.Conflict _,
                    AnswerResult.OtherKind _,
                    AnswerResult.NotPaused _,
                    AnswerResult.Unknown _ -> Optional.empty();
        };
    }

    /** Everything that a run has asked, with the answers there are. Whether the caller may see it was decided before. */
    public List<Question> asked(UUID run) {
        return pauses.questions(run);
    }
}
