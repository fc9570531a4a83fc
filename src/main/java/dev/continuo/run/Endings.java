package dev.continuo.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.continuo.log.Answer;
import dev.continuo.log.AnswerParts;
import dev.continuo.log.LogRecord;
import dev.continuo.log.Segment;
import dev.continuo.log.Terminal;
import dev.continuo.thread.CleanJson;
import dev.continuo.thread.Messages;
import dev.continuo.thread.NewMessage;
import dev.continuo.thread.NewMessage.Extent;
import dev.continuo.thread.StoredMessage;
import dev.continuo.thread.TitleSwitch;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jdbi.v3.core.Handle;

/**
 * Writes terminals, the owner's and everybody else's, under the locks of thread and run: the last records, the answer
 * (built from the segments, never from a node's memory), the state, and the next seat.
 */
@Singleton
class Endings {
    private final Messages messages;
    private final TitleSwitch titles;

    @Inject
    Endings(Messages messages, @ConfigProperty(name = "continuo.titles") TitleSwitch titles) {
        this.messages = messages;
        this.titles = titles;
    }

    /** Asks for titles. */
    Endings(Messages messages) {
        this(messages, TitleSwitch.ON);
    }

    /** By the owner, under its own epoch. */
    Ended byOwner(Handle h, LockedRun run, Outcome outcome) {
        AttemptRows.endWith(h, run, outcome);
        return end(h, run, run.epoch(), outcome);
    }

    /** By anyone else: under an epoch of its own that keeps everything committed, so that whatever the last owner still
     * publishes is void. A run that was never claimed has no log and gets none. */
    Ended byOther(Handle h, LockedRun run, Outcome outcome) {
        if (run.epoch() > 0) {
            long epoch = run.epoch() + 1;
            Voided voided = run.state() == RunState.PAUSED ? new Voided.Nothing() : new Voided.Unknown();
            AttemptRows.end(h, run.run(), Attempt.Ending.LOST);
            EpochInsert.foreign(run.run(), epoch, run.committedIdx(), voided).execute(h);
            return end(h, run, epoch, outcome);
        }
        close(h, run, 0, 0, outcome, Optional.empty());
        return ended(h, run, outcome);
    }

    private Ended end(Handle h, LockedRun run, long epoch, Outcome outcome) {
        List<Segment> segments = SegmentRows.all(h, run.run());
        List<LogRecord> log = SegmentRows.records(segments);
        List<LogRecord> last = LastRecords.of(outcome, run.answerId(), log, epoch);
        OptionalLong jsSeq =
                segments.isEmpty() ? OptionalLong.empty() : segments.getLast().jsSeq();
        Segment.of(last, jsSeq).ifPresent(s -> SegmentRows.insert(h, run.run(), s));
        Answer answer = AnswerParts.fold(log);
        if (answer.parts().stream().anyMatch(Endings::isVisible)) {
            messages.store(message(run, outcome, answer));
        }
        close(h, run, epoch, last.getLast().idx(), outcome, answer.sha256());
        return ended(h, run, outcome);
    }

    /** Steps, and texts that never got a letter, are nothing that a reader of the thread could see. */
    private static boolean isVisible(JsonNode part) {
        return switch (part.path("type").asText()) {
            case "step-start" -> false;
            case "text", "reasoning" -> !part.path("text").asText().isEmpty();
            default -> true;
        };
    }

    private static NewMessage message(LockedRun run, Outcome outcome, Answer answer) {
        ArrayNode parts = JsonNodeFactory.instance.arrayNode().addAll(answer.parts());
        return new NewMessage(
                run.answerId(),
                run.thread(),
                run.turn(),
                StoredMessage.ANSWER,
                "assistant",
                CleanJson.clean(parts),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                run.run(),
                outcome.state() == RunState.COMPLETED ? Extent.COMPLETE : Extent.PARTIAL);
    }

    private static void close(
            Handle h, LockedRun run, long epoch, int n, Outcome outcome, Optional<String> textSha256) {
        int rows = h.createUpdate("""
                        update runs set state = :state, finished_at = clock_timestamp(), epoch = :epoch,
                          committed_idx = :n, finish_reason = :reason, error_code = :code, error_text = :text,
                          text_sha256 = :sha256, usage = coalesce(cast(:usage as jsonb), usage)
                        where run_id = :run and finished_at is null and epoch = :was
                          and claim_id is not distinct from cast(:claim as uuid)""")
                .bind("state", outcome.state())
                .bind("epoch", epoch)
                .bind("n", n)
                .bind("reason", outcome.finishReason())
                .bind("code", outcome.errorCode())
                .bind("text", outcome.errorText())
                .bind("sha256", textSha256)
                .bind("usage", outcome.usageJson())
                .bind("run", run.run())
                .bind("was", run.epoch())
                .bind("claim", run.claimId())
                .execute();
        if (rows != 1) {
            throw new IllegalStateException("run " + run.run() + " changed under its lock; nothing is stored");
        }
    }

    /** The first complete answer is when a model can say what the thread is about. */
    private Ended ended(Handle h, LockedRun run, Outcome outcome) {
        var promoted = RunRows.promote(h, run.thread());
        h.createUpdate("""
                        update threads set changed_at = clock_timestamp(),
                          title_due = case when :asks and title_from = 'message' and title_tries = 0 and title_due is null
                            then clock_timestamp() else title_due end
                        where thread_id = :thread""")
                .bind("asks", titles == TitleSwitch.ON && outcome.state() == RunState.COMPLETED)
                .bind("thread", run.thread())
                .execute();
        return new Ended(RunRows.terminal(h, run.run()), promoted);
    }

    /** The terminal as it is stored, and the run that has the seat now. */
    record Ended(Terminal terminal, Optional<UUID> promoted) {}
}
