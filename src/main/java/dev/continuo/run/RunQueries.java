package dev.continuo.run;

import dev.continuo.thread.Page;
import dev.continuo.thread.TimeCursor;
import dev.continuo.thread.Viewer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Jdbi;

/** Reads runs for people and programs; a reader of their text takes {@link Snapshots}. */
@Singleton
public class RunQueries {
    private static final Pattern TURN = Pattern.compile("[0-9]{1,18}");

    private static final String SELECT = """
            select r.*, coalesce(t.client_id, cast(t.thread_id as text)) as thread_shown,
              coalesce(m.client_msg_id, cast(m.message_id as text)) as message_shown,
              (select count(*) from runs p where p.thread_id = r.thread_id and p.turn < r.turn
                 and p.finished_at is null and r.finished_at is null) as position
            from runs r
            join threads t on t.thread_id = r.thread_id
            join messages m on m.message_id = r.message_id
            where t.org_id = :org and (:all or t.creator = :subject)
            """;

    private static final String IN_STATE = """
            (cast(:state as text) is null or :state = case r.state
              when 'WAITING' then 'queued' when 'READY' then 'queued' when 'PAUSED' then 'requires_action'
              else lower(r.state) end)""";

    private final Jdbi jdbi;

    @Inject
    public RunQueries(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    public Optional<RunView> find(Viewer viewer, UUID run) {
        return jdbi.withHandle(h -> h.createQuery(SELECT + " and r.run_id = :run")
                .bindMethods(viewer)
                .bind("run", run)
                .map((rs, _) -> RunView.of(rs))
                .findOne());
    }

    /** Newest first; {@code state} is the API's word. */
    public Page<RunView> ofThread(
            Viewer viewer, UUID thread, Optional<String> state, Optional<String> cursor, int limit) {
        long before = cursor.filter(c -> TURN.matcher(c).matches())
                .map(Long::parseLong)
                .orElse(Long.MAX_VALUE);
        var rows = jdbi.withHandle(h -> h.createQuery(SELECT
                        + " and r.thread_id = :thread and r.turn < :before and " + IN_STATE
                        + " order by r.turn desc limit :limit + 1")
                .bind("state", state)
                .bindMethods(viewer)
                .bind("thread", thread)
                .bind("before", before)
                .bind("limit", limit)
                .map((rs, _) -> RunView.of(rs))
                .list());
        return Page.of(rows, limit, r -> Long.toString(r.turn()));
    }

    /** By the message that it writes. */
    public Optional<RunView> answering(Viewer viewer, UUID thread, UUID answer) {
        return jdbi.withHandle(h -> h.createQuery(SELECT + " and r.thread_id = :thread and r.answer_id = :answer")
                .bindMethods(viewer)
                .bind("thread", thread)
                .bind("answer", answer)
                .map((rs, _) -> RunView.of(rs))
                .findOne());
    }

    /** Whether it waits for people, and {@code idx} is the last record that it has. */
    public boolean isPausedAt(UUID run, int idx) {
        return jdbi.withHandle(h -> h.createQuery(
                        "select 1 from runs where run_id = :run and state = 'PAUSED' and committed_idx = :idx")
                .bind("run", run)
                .bind("idx", idx)
                .mapTo(int.class)
                .findOne()
                .isPresent());
    }

    /** The seat first, then what waits behind it. */
    public List<RunView> unfinishedOf(Viewer viewer, UUID thread) {
        return jdbi.withHandle(
                h -> h.createQuery(SELECT + " and r.thread_id = :thread and r.finished_at is null order by r.turn")
                        .bindMethods(viewer)
                        .bind("thread", thread)
                        .map((rs, _) -> RunView.of(rs))
                        .list());
    }

    /** Of all members of the viewer's reach, newest first; {@code state} is the API's word. */
    public Page<RunView> ofOrganisation(Viewer viewer, Optional<String> state, Optional<String> cursor, int limit) {
        var rows = jdbi.withHandle(
                h -> TimeCursor.bind(h.createQuery(SELECT + """
                                 and r.org_id = :org and %s
                                 and (cast(:at as timestamptz) is null or (r.created_at, r.run_id) < (:at, cast(:after as uuid)))
                                order by r.created_at desc, r.run_id desc limit :limit + 1""".formatted(IN_STATE)), cursor.flatMap(TimeCursor::parse))
                        .bindMethods(viewer)
                        .bind("state", state)
                        .bind("limit", limit)
                        .map((rs, _) -> RunView.of(rs))
                        .list());
        return Page.of(rows, limit, r -> new TimeCursor(r.createdAt(), r.id()).toString());
    }

    /** Runs of later turns that were ever claimed, in their order: what a thread's reader shows next. */
    public List<Later> claimedAfter(UUID thread, long turn, int limit) {
        return jdbi.withHandle(h -> h.createQuery("""
                        select run_id, turn, state, epoch from runs
                        where thread_id = :thread and turn > :turn and epoch > 0 order by turn limit :limit""")
                .bind("thread", thread)
                .bind("turn", turn)
                .bind("limit", limit)
                .map((rs, _) -> new Later(
                        rs.getObject("run_id", UUID.class),
                        rs.getLong("turn"),
                        RunState.valueOf(rs.getString("state")),
                        rs.getLong("epoch")))
                .list());
    }

    public record Later(UUID run, long turn, RunState state, long epoch) {}

    /** Where a cursor's run stands; empty where it is none of this thread. */
    public Optional<Long> turnOf(UUID thread, UUID run) {
        return jdbi.withHandle(h -> h.createQuery("select turn from runs where run_id = :run and thread_id = :thread")
                .bind("run", run)
                .bind("thread", thread)
                .mapTo(long.class)
                .findOne());
    }
}
