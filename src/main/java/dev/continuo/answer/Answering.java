package dev.continuo.answer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.nats.Hints;
import dev.continuo.run.AnswerResult;
import dev.continuo.run.AnswerResult.Resumed;
import dev.continuo.run.Pauses;
import dev.continuo.run.Question;
import dev.continuo.thread.Viewer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;

/** Takes a person's answer to one question of a run. The row is the truth; nodes learn of it by a hint, or by looking. */
@Singleton
public class Answering {
    private final Pauses pauses;
    private final Hints hints;

    @Inject
    public Answering(Pauses pauses, Hints hints) {
        this.pauses = pauses;
        this.hints = hints;
    }

    /**
     * The same answer again is no other one.
     *
     * @param answer {@code {"approved": …, "reason": …}} or {@code {"output": …}}
     */
    public AnswerResult answer(Viewer viewer, UUID run, String callId, JsonNode answer) {
        var result = pauses.answer(viewer, run, callId, answer);
        if (result instanceof Resumed resumed) {
            hints.lookNow();
            hints.threadChanged(resumed.org(), resumed.thread());
        }
        return result;
    }

    /** Everything that a run has asked, with the answers there are. Whether the caller may see it was decided before. */
    public List<Question> asked(UUID run) {
        return pauses.questions(run);
    }
}
