package dev.continuo.run;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.OptionalLong;
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

    /** The turn of the run that is next after the seat; empty where none waits. */
    public OptionalLong firstWaiting(UUID thread) {
        return jdbi.withHandle(
                        h -> h.createQuery("select min(turn) from runs where thread_id = :thread and state = 'WAITING'")
                                .bind("thread", thread)
                                .mapTo(Long.class)
                                .findOne())
                .map(OptionalLong::of)
                .orElseGet(OptionalLong::empty);
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
                        insert into runs (run_id, thread_id, org_id, turn, answer_id, agent, tier, model, temperature,
                          on_takeover, state, ready_at)
                        select :id, :thread, :org, :turn, :answerId, :agent, :tier, :model, :temperature, :onTakeover,
                          case when queue.busy then 'WAITING' else 'READY' end,
                          case when queue.busy then null else clock_timestamp() end
                        from (select exists (
                          select 1 from runs where thread_id = :thread and finished_at is null) as busy) queue
                        returning state""")
                .bind("id", run.id())
                .bind("thread", run.thread())
                .bind("org", run.org())
                .bind("turn", run.turn())
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
