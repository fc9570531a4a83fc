package dev.continuo.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.json.Mappers;
import dev.continuo.thread.CleanJson;
import dev.continuo.thread.Viewer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** A run that waits for people keeps its seat and has no owner; its last answer makes it READY. */
@ApplicationScoped
public class Pauses {
    private static final String RESUME = """
            update runs set state = 'READY', ready_at = clock_timestamp(), attempt = greatest(attempt - 1, 0)
            where run_id = :run and state = 'PAUSED'""";

    private final Jdbi jdbi;

    @Inject
    public Pauses(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    protected Pauses() {
        this(null);
    }

    @Transactional
    public PauseResult pause(Fence fence, List<Question> questions) {
        return jdbi.withHandle(h -> {
            int rows = h.createUpdate("""
                            update runs set state = 'PAUSED', owner = null, owner_boot = null
                            where run_id = :run and epoch = :epoch and claim_id = :claimId and state = 'RUNNING'
                              and cancel_requested_at is null""").bindMethods(fence).execute();
            if (rows == 0) {
                return isMine(h, fence) ? new PauseResult.CancelRequested() : new PauseResult.Lost();
            }
            questions.forEach(q -> h.createUpdate("""
                            insert into run_questions (run_id, call_id, kind, question, asked_idx)
                            select run_id, :call, :kind, cast(:question as jsonb), committed_idx from runs where run_id = :run""")
                    .bind("run", fence.run())
                    .bind("call", q.callId())
                    .bind("kind", q.kind())
                    .bind("question", q.question().toString())
                    .execute());
            return new PauseResult.Paused();
        });
    }

    private static boolean isMine(Handle h, Fence fence) {
        return h.createQuery("""
                        select 1 from runs
                        where run_id = :run and epoch = :epoch and claim_id = :claimId and state = 'RUNNING'""").bindMethods(fence).mapTo(int.class).findOne().isPresent();
    }

    /** @param answer {@code {"approved": …, "reason": …}} or {@code {"output": …}} */
    @Transactional
    public AnswerResult answer(Viewer viewer, UUID run, String callId, JsonNode answer) {
        return jdbi.withHandle(h -> {
            RunRows.lockThreadOf(h, run);
            Optional<LockedRun> locked = RunRows.lock(h, run).filter(r -> h.createQuery("""
                                    select 1 from threads
                                    where thread_id = :thread and org_id = :org and (:all or creator = :subject)""")
                    .bind("thread", r.thread())
                    .bindMethods(viewer)
                    .mapTo(int.class)
                    .findOne()
                    .isPresent());
            Optional<Question> asked = questions(run).stream()
                    .filter(q -> q.callId().equals(callId))
                    .findFirst();
            if (locked.isEmpty() || asked.isEmpty()) {
                return new AnswerResult.Unknown();
            }
            return answer(h, locked.get(), asked.get(), CleanJson.clean(answer));
        });
    }

    private AnswerResult answer(Handle h, LockedRun run, Question asked, JsonNode answer) {
        if (asked.answer().isPresent()) {
            return isSame(h, run.run(), asked.callId(), answer)
                    ? new AnswerResult.Repeated()
                    : new AnswerResult.Conflict();
        }
        if (run.state() != RunState.PAUSED) {
            return new AnswerResult.NotPaused(run.state());
        }
        if (asked.kind().equals(Question.APPROVAL) && answer.has("output")) {
            return new AnswerResult.OtherKind(asked.kind());
        }
        if (asked.kind().equals(Question.TOOL) && answer.path("approved").asBoolean()) {
            return new AnswerResult.OtherKind(asked.kind());
        }
        h.createUpdate("""
                        update run_questions set answer = cast(:answer as jsonb) where run_id = :run and call_id = :call""")
                .bind("run", run.run())
                .bind("call", asked.callId())
                .bind("answer", answer.toString())
                .execute();
        boolean more = questions(run.run()).stream().anyMatch(q -> q.answer().isEmpty());
        if (more) {
            return new AnswerResult.MoreToAnswer();
        }
        h.createUpdate(RESUME).bind("run", run.run()).execute();
        return new AnswerResult.Resumed(run.run(), run.thread(), run.org());
    }

    /** As the database stored it: there 1e2 and 100 are one number. */
    private static boolean isSame(Handle h, UUID run, String callId, JsonNode answer) {
        return h.createQuery("""
                        select answer = cast(:answer as jsonb) from run_questions where run_id = :run and call_id = :call""")
                .bind("run", run)
                .bind("call", callId)
                .bind("answer", answer.toString())
                .mapTo(boolean.class)
                .one();
    }

    /** Inside a step, under the thread's lock: who writes on instead of answering has declined. The run that goes on. */
    @Transactional
    public Optional<UUID> declineAll(UUID thread, JsonNode declined) {
        return jdbi.withHandle(h -> {
            Optional<UUID> paused = h.createQuery(
                            "select run_id from runs where thread_id = :thread and state = 'PAUSED' for update")
                    .bind("thread", thread)
                    .mapTo(UUID.class)
                    .findOne();
            paused.ifPresent(run -> {
                h.createUpdate("""
                                update run_questions set answer = cast(:answer as jsonb)
                                where run_id = :run and answer is null""")
                        .bind("run", run)
                        .bind("answer", declined.toString())
                        .execute();
                h.createUpdate(RESUME).bind("run", run).execute();
            });
            return paused;
        });
    }

    public List<Question> questions(UUID run) {
        return jdbi.withHandle(h -> h.createQuery("select * from run_questions where run_id = :run order by call_id")
                .bind("run", run)
                .map((rs, _) -> new Question(
                        rs.getString("call_id"),
                        rs.getString("kind"),
                        Mappers.tree(rs.getString("question")),
                        rs.getInt("asked_idx"),
                        Optional.ofNullable(rs.getString("answer")).map(Mappers::tree)))
                .list());
    }
}
