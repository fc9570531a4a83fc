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
        return ended(h, run, outcome, close(h, run, outcome, Closing.withoutLog()));
    }

    private Ended end(Handle h, LockedRun run, long epoch, Outcome outcome) {
        List<Segment> segments = SegmentRows.all(h, run.run());
        List<LogRecord> log = SegmentRows.records(segments);
        List<LogRecord> last = LastRecords.of(outcome, run.answerId(), log, epoch);
        OptionalLong jsSeq =
                segments.isEmpty() ? OptionalLong.empty() : segments.getLast().jsSeq();
        Segment.of(last, jsSeq).ifPresent(s -> SegmentRows.insert(h, run.run(), s));
        Answer answer = AnswerParts.fold(log);
        boolean visible = answer.parts().stream().anyMatch(Endings::isVisible);
        if (visible) {
            messages.store(message(run, outcome, answer));
        }
        var closing = new Closing(
                epoch, last.getLast().idx(), answer.sha256(), visible ? Optional.of(run.answerId()) : Optional.empty());
        return ended(h, run, outcome, close(h, run, outcome, closing));
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

    /**
     * What the row of a run gets at its end beside the outcome.
     *
     * @param n the last record
     * @param answer the message that was stored
     */
    private record Closing(long epoch, int n, Optional<String> textSha256, Optional<UUID> answer) {
        static Closing withoutLog() {
            return new Closing(0, 0, Optional.empty(), Optional.empty());
        }
    }

    private static Terminal close(Handle h, LockedRun run, Outcome outcome, Closing closing) {
        return h.createQuery("""
                        update runs r set state = :state, finished_at = clock_timestamp(), epoch = :epoch,
                          committed_idx = :n, finish_reason = :reason, error_code = :code, error_text = :text,
                          text_sha256 = :sha256, usage = coalesce(cast(:usage as jsonb), usage)
                        where run_id = :run and finished_at is null and epoch = :was
                          and claim_id is not distinct from cast(:claim as uuid)
                        returning r.*, cast(:answer as uuid) as stored_answer""")
                .bind("state", outcome.state())
                .bind("epoch", closing.epoch())
                .bind("n", closing.n())
                .bind("reason", outcome.finishReason())
                .bind("code", outcome.errorCode())
                .bind("text", outcome.errorText())
                .bind("sha256", closing.textSha256())
                .bind("usage", outcome.usageJson())
                .bind("run", run.run())
                .bind("was", run.epoch())
                .bind("claim", run.claimId())
                .bind("answer", closing.answer())
                .map((rs, _) -> Snapshots.terminal(rs, outcome.state()))
                .findOne()
                .orElseThrow(() ->
                        new IllegalStateException("run " + run.run() + " changed under its lock; nothing is stored"));
    }

    /** The next one takes the seat. The first complete answer is when a model can say what the thread is about. */
    private Ended ended(Handle h, LockedRun run, Outcome outcome, Terminal terminal) {
        return h.createQuery("""
                        with promoted as (%s)
                        update threads set changed_at = clock_timestamp(),
                          title_due = case when :asks and title_from = 'message' and title_tries = 0 and title_due is null
                            then clock_timestamp() else title_due end
                        where thread_id = :thread
                        returning (select run_id from promoted) as promoted""".formatted(RunRows.PROMOTE))
                .bind("asks", titles == TitleSwitch.ON && outcome.state() == RunState.COMPLETED)
                .bind("thread", run.thread())
                .map((rs, _) -> new Ended(terminal, Optional.ofNullable(rs.getObject("promoted", UUID.class))))
                .one();
    }

    /** The terminal as it is stored, and the run that has the seat now. */
    record Ended(Terminal terminal, Optional<UUID> promoted) {}
}
