package dev.continuo.attach;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.json.Mappers;
import dev.continuo.run.Progress;
import dev.continuo.run.RunState;
import dev.continuo.run.ThreadProgress;
import dev.continuo.sql.BatchedQuery;
import dev.continuo.sql.SqlArray;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;

@Singleton
final class ThreadsInPostgres implements StoredThreads {

    /** Of a run {@code r}: the run it continues as JSON, where that is another one than the one before. */
    static final String AFTER = """
            case when r.parent_run is distinct from (
                select p.run_id from runs p where p.thread_id = r.thread_id and p.turn < r.turn order by p.turn desc limit 1)
              then coalesce(to_jsonb(cast(r.parent_run as text)), cast('null' as jsonb)) end""";

    /** The newest first. The number is part of the text, because with a parameter there PostgreSQL plans each time. */
    private static final String NEWEST = """
            select r.thread_id, r.run_id, r.turn, r.state, r.epoch,
              case r.state
                when 'READY' then r.tries > 0 or r.attempt > 0
                when 'RUNNING' then (r.tries > 0 or r.attempt > 1) and not exists (
                  select 1 from run_segments s where s.run_id = r.run_id and s.epoch = r.epoch)
                else false end as again,
              case when m.message_id is not null then jsonb_strip_nulls(jsonb_build_object(
                'id', coalesce(m.client_msg_id, m.message_id::text), 'role', m.role,
                'metadata', m.metadata)) || jsonb_build_object('parts', m.parts) end as message,
              %s as after
            from runs r
            left join messages m on r.finished_at is null and m.message_id = r.message_id
            where r.thread_id = %%s and (r.epoch > 0 or r.finished_at is null)
            order by r.turn desc limit %s""".formatted(AFTER, ThreadRuns.NEWEST);

    private static final String OF_ONE = NEWEST.formatted(":thread");
    private static final String OF_MANY =
            "select r.* from unnest(:threads) as t(thread_id) cross join lateral (%s) r order by r.turn desc"
                    .formatted(NEWEST.formatted("t.thread_id"));

    private final Jdbi jdbi;
    private final Progress progress;
    private final BatchedQuery<UUID, ThreadRuns> reads = new BatchedQuery<>(this::readOne, this::readMany);

    @Inject
    ThreadsInPostgres(Jdbi jdbi, Progress progress) {
        this.jdbi = jdbi;
        this.progress = progress;
    }

    @Override
    public ThreadRuns read(UUID thread) {
        return reads.ask(thread);
    }

    /** The mark is read first: what changes in between is found by the next comparison. */
    private ThreadRuns readOne(UUID thread) {
        var mark = progress.ofThread(thread);
        return new ThreadRuns(thread, mark, inOrder(jdbi.withHandle(h -> h.createQuery(OF_ONE)
                .bind("thread", thread)
                .map((rs, _) -> run(rs))
                .list())));
    }

    Map<UUID, ThreadRuns> readMany(Set<UUID> threads) {
        var marks = marks(threads);
        var runs = new HashMap<UUID, List<ThreadRuns.Run>>();
        jdbi.useHandle(h -> h.createQuery(OF_MANY)
                .bind("threads", SqlArray.uuids(threads))
                .map((rs, _) -> runs.computeIfAbsent(rs.getObject("thread_id", UUID.class), _ -> new ArrayList<>())
                        .add(run(rs)))
                .list());
        return threads.stream()
                .collect(Collectors.toMap(
                        t -> t,
                        t -> new ThreadRuns(
                                t, Optional.ofNullable(marks.get(t)), inOrder(runs.getOrDefault(t, List.of())))));
    }

    @Override
    public Map<UUID, ThreadProgress> marks(Collection<UUID> threads) {
        return progress.ofThreads(threads).stream().collect(Collectors.toMap(ThreadProgress::thread, p -> p));
    }

    /** The run that this one continues, where that is another one than the one before. */
    Optional<JsonNode> after(UUID run) {
        return jdbi.withHandle(h -> h.createQuery("select " + AFTER + " from runs r where r.run_id = :run")
                .bind("run", run)
                .mapTo(String.class)
                .findOne()
                .map(Mappers::tree));
    }

    private static ThreadRuns.Run run(ResultSet rs) throws SQLException {
        return new ThreadRuns.Run(
                rs.getObject("run_id", UUID.class),
                rs.getLong("turn"),
                RunState.valueOf(rs.getString("state")),
                rs.getLong("epoch"),
                rs.getBoolean("again"),
                asked(rs.getString("message"), rs.getString("after")));
    }

    static Optional<Asked> asked(String message, String after) {
        return Optional.ofNullable(message)
                .map(m -> new Asked(Mappers.tree(m), Optional.ofNullable(after).map(Mappers::tree)));
    }

    private static List<ThreadRuns.Run> inOrder(List<ThreadRuns.Run> newestFirst) {
        var runs = new ArrayList<>(newestFirst);
        Collections.reverse(runs);
        return runs;
    }
}
