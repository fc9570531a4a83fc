package dev.continuo.run;

import dev.continuo.thread.Threads;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** The runs of a thread, one behind the other. Everything here is called inside a step that has locked the thread. */
@Singleton
public class RunQueue {
    private final Jdbi jdbi;

    @Inject
    public RunQueue(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Lowest turn first. */
    public List<UUID> unfinished(UUID thread) {
        return jdbi.withHandle(h -> h.createQuery(
                        "select run_id from runs where thread_id = :thread and finished_at is null order by turn")
                .bind("thread", thread)
                .mapTo(UUID.class)
                .list());
    }

    /** The run that is next after the seat. */
    public Optional<Place> firstWaiting(UUID thread) {
        return jdbi.withHandle(h -> h.createQuery("""
                        select w.turn, w.parent_run,
                          exists (select 1 from runs p where p.run_id = w.parent_run and p.state = 'CANCELLED'
                            and p.ready_at is null) as after_removed
                        from runs w where w.thread_id = :thread and w.state = 'WAITING' order by w.turn limit 1""")
                .bind("thread", thread)
                .map((rs, _) -> new Place(
                        rs.getLong("turn"),
                        Optional.ofNullable(rs.getObject("parent_run", UUID.class)),
                        rs.getBoolean("after_removed")))
                .findOne());
    }

    /** @param afterRemoved whether what it continues was removed from the queue */
    public record Place(long turn, Optional<UUID> parent, boolean afterRemoved) {}

    /** What was sent after {@code parent} and not yet begun continues {@code between} from now on; how many that are. */
    public int comeBetween(UUID thread, UUID parent, UUID between, long turn) {
        return jdbi.withHandle(h -> h.createUpdate("""
                        update runs set parent_run = :between
                        where thread_id = :thread and parent_run = :parent and turn > :turn and epoch = 0""")
                .bind("thread", thread)
                .bind("parent", parent)
                .bind("between", between)
                .bind("turn", turn)
                .execute());
    }

    /** The run that wrote, or will write, this answer; else the last one that answers this message. */
    public Optional<Known> find(UUID thread, String answerOrMessage) {
        return jdbi.withHandle(h -> h.createQuery("""
                        select r.run_id, r.message_id, r.parent_run, r.finished_at is not null as finished,
                          r.answer_id = cast(:ours as uuid) as by_answer
                        from runs r join messages m on m.message_id = r.message_id
                        where r.thread_id = :thread and (r.answer_id = cast(:ours as uuid)
                          or r.message_id = cast(:ours as uuid) or m.client_msg_id = :id)
                        order by r.answer_id = cast(:ours as uuid) desc nulls last,
                          r.message_id = cast(:ours as uuid) desc nulls last, r.turn desc limit 1""")
                .bind("thread", thread)
                .bind("ours", Threads.ours(answerOrMessage).map(UUID::toString))
                .bind("id", answerOrMessage)
                .map((rs, _) -> new Known(
                        rs.getObject("run_id", UUID.class),
                        rs.getObject("message_id", UUID.class),
                        Optional.ofNullable(rs.getObject("parent_run", UUID.class)),
                        rs.getBoolean("finished"),
                        rs.getBoolean("by_answer")))
                .findOne());
    }

    /** @param byAnswer whether it was named by its answer */
    public record Known(UUID run, UUID message, Optional<UUID> parent, boolean finished, boolean byAnswer) {}

    public Optional<UUID> replacing(UUID run) {
        return jdbi.withHandle(h -> h.createQuery("select run_id from runs where replaces = :run")
                .bind("run", run)
                .mapTo(UUID.class)
                .findOne());
    }

    /** Frees a turn: it and all later ones, none of which was ever claimed, move up by one. Twice, because a unique
     * constraint looks at each row as it is written. */
    public void makeRoom(UUID thread, long turn) {
        jdbi.useHandle(h -> {
            h.createUpdate("update runs set turn = -turn where thread_id = :thread and turn >= :turn")
                    .bind("thread", thread)
                    .bind("turn", turn)
                    .execute();
            h.createUpdate("update runs set turn = 1 - turn where thread_id = :thread and turn < 0")
                    .bind("thread", thread)
                    .execute();
        });
    }

    /** Whether nobody has begun with it; as long as this transaction lasts, nobody will. */
    public boolean lockUnclaimed(UUID run) {
        return jdbi.withHandle(h ->
                h.createQuery("""
                        select 1 from runs
                        where run_id = :run and state in ('WAITING', 'READY') and epoch = 0 for update""").bind("run", run).mapTo(int.class).findOne().isPresent());
    }

    /** Reads each of them, so it is for whoever keeps them few. */
    public int unfinishedOfOrganisation(UUID org) {
        return jdbi.withHandle(
                h -> h.createQuery("select count(*) from runs where org_id = :org and finished_at is null")
                        .bind("org", org)
                        .mapTo(int.class)
                        .one());
    }

    /** It has the seat where nothing is unfinished, else it waits. */
    public RunState enqueue(NewRun run) {
        return jdbi.withHandle(h -> h.createQuery("""
                        insert into runs (run_id, thread_id, org_id, turn, message_id, parent_run, replaces, answer_id, agent, tier, model, temperature,
                          on_takeover, state, ready_at)
                        select :id, :thread, :org, :turn, :message, :parent, :replaces, :answerId, :agent, :tier, :model, :temperature, :onTakeover,
                          case when queue.busy then 'WAITING' else 'READY' end,
                          case when queue.busy then null else clock_timestamp() end
                        from (select exists (
                          select 1 from runs where thread_id = :thread and finished_at is null) as busy) queue
                        returning state""")
                .bind("id", run.id())
                .bind("thread", run.thread())
                .bind("org", run.org())
                .bind("turn", run.turn())
                .bind("message", run.message())
                .bind("parent", run.parent())
                .bind("replaces", run.replaces())
                .bind("answerId", run.answerId())
                .bind("agent", run.options().agent())
                .bind("tier", run.options().tier())
                .bind("model", run.options().model())
                .bind(
                        "temperature",
                        run.options().temperature().isPresent()
                                ? run.options().temperature().getAsDouble()
                                : null)
                .bind("onTakeover", run.options().onTakeover().apiName())
                .map((rs, _) -> RunState.valueOf(rs.getString("state")))
                .one());
    }
}
