package dev.continuo.thread;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Jdbi;

/** The conversations of an organisation. Ids are ours or the client's, ours first. */
@Singleton
public class Threads {
    private static final Pattern OURS = Pattern.compile("[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}");

    private static final String SELECT = """
            select t.*, seat.run_id as current_run, w.state
            from threads t
            left join lateral (
              select r.run_id, r.state from runs r
              where r.thread_id = t.thread_id and r.state in ('READY', 'RUNNING', 'PAUSED') limit 1) seat on true
            left join lateral (
              select r.state from runs r where r.thread_id = t.thread_id order by r.turn desc limit 1) latest on true
            cross join lateral (
              select case coalesce(seat.state, latest.state)
                when 'WAITING' then 'queued' when 'READY' then 'queued' when 'PAUSED' then 'requires_action'
                else lower(coalesce(seat.state, latest.state)) end as state) w
            where t.org_id = :org and (:all or t.creator = :subject)
            """;

    private final Jdbi jdbi;

    @Inject
    public Threads(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** The thread with this client id, made now if it did not exist; empty where another member has that id. */
    public Optional<ThreadRow> create(Viewer viewer, Optional<String> clientId, ThreadChange first) {
        UUID id = UUID.randomUUID();
        boolean made = insert(viewer, id, clientId, first);
        return made ? find(viewer, id) : find(viewer, clientId.orElseThrow());
    }

    /** The same inside a step, with the row lock that {@link #lock} takes. */
    public Optional<LockedThread> createLocked(Viewer viewer, Optional<String> clientId, ThreadChange first) {
        UUID id = UUID.randomUUID();
        return insert(viewer, id, clientId, first)
                ? Optional.of(new LockedThread(id, clientId, first.agent(), 1, Optional.empty()))
                : lock(viewer.org(), viewer.subject(), clientId.orElseThrow());
    }

    private boolean insert(Viewer viewer, UUID id, Optional<String> clientId, ThreadChange first) {
        return jdbi.withHandle(h -> h.createUpdate("""
                        insert into threads (thread_id, org_id, creator, client_id, title, title_from, agent)
                        values (:id, :org, :subject, :clientId, :title,
                          case when cast(:title as text) is not null then 'person' end, :agent)
                        on conflict (org_id, client_id) do nothing""")
                        .bind("id", id)
                        .bind("org", viewer.org())
                        .bind("subject", viewer.subject())
                        .bind("clientId", clientId)
                        .bind("title", first.title().map(CleanJson::text))
                        .bind("agent", first.agent())
                        .execute())
                == 1;
    }

    /** By our id or by the client's, ours first. */
    public Optional<ThreadRow> find(Viewer viewer, String idOrClientId) {
        Optional<UUID> ours = ours(idOrClientId);
        return ours.flatMap(id -> find(viewer, id))
                .or(() -> jdbi.withHandle(h -> h.createQuery(SELECT + " and t.client_id = :clientId")
                        .bind("clientId", idOrClientId)
                        .bindMethods(viewer)
                        .map((rs, _) -> ThreadRow.of(rs))
                        .findOne()));
    }

    public Optional<ThreadRow> find(Viewer viewer, UUID id) {
        return jdbi.withHandle(h -> h.createQuery(SELECT + " and t.thread_id = :id")
                .bind("id", id)
                .bindMethods(viewer)
                .map((rs, _) -> ThreadRow.of(rs))
                .findOne());
    }

    /** Last changed first. */
    public Page<ThreadRow> list(Viewer viewer, ThreadFilter filter, Optional<String> cursor, int limit) {
        Optional<TimeCursor> after = cursor.flatMap(TimeCursor::parse);
        String sql = SELECT + """
                 and (t.archived_at is null) = :current
                 and (cast(:text as text) is null or strpos(lower(t.title), lower(:text)) > 0 or t.thread_id in (
                   select m.thread_id from messages m join threads own on own.thread_id = m.thread_id
                   where own.org_id = :org and (:all or own.creator = :subject)
                     and to_tsvector('simple', searchable(m.parts)) @@ to_tsquery('simple', :words)))
                 and (cast(:state as text) is null or w.state = :state)
                 and (cast(:agent as text) is null or t.agent = :agent)
                 and (cast(:at as timestamptz) is null or (t.changed_at, t.thread_id) < (:at, cast(:after as uuid)))
                order by t.changed_at desc, t.thread_id desc limit :limit + 1
                """;
        var rows = jdbi.withHandle(h -> TimeCursor.bind(h.createQuery(sql), after)
                .bindMethods(viewer)
                .bind("current", filter.shelf() == ThreadFilter.Shelf.CURRENT)
                .bind("text", filter.text())
                .bind("words", filter.words())
                .bind("state", filter.state())
                .bind("agent", filter.agent())
                .bind("limit", limit)
                .map((rs, _) -> ThreadRow.of(rs))
                .list());
        return Page.of(rows, limit, t -> new TimeCursor(t.changedAt(), t.id()).toString());
    }

    /** Empty where the viewer has no such thread of their own: reading all of an organisation is not changing it. */
    public Optional<ThreadRow> change(Viewer viewer, UUID id, ThreadChange change) {
        int rows = jdbi.withHandle(h -> h.createUpdate("""
                        update threads set title = coalesce(:title, title),
                          title_from = case when cast(:title as text) is null then title_from else 'person' end,
                          title_due = case when cast(:title as text) is null then title_due end, agent = coalesce(:agent, agent),
                          archived_at = case when cast(:shelf as text) is null then archived_at
                            when :shelf = 'ARCHIVED' then coalesce(archived_at, clock_timestamp()) end,
                          changed_at = clock_timestamp()
                        where thread_id = :id and org_id = :org and (:all or creator = :subject)""")
                .bind("id", id)
                .bind("title", change.title().map(CleanJson::text))
                .bind("agent", change.agent())
                .bind("shelf", change.shelf().map(Enum::name))
                .bindMethods(viewer)
                .execute());
        return rows == 1 ? find(viewer, id) : Optional.empty();
    }

    /** Empty where it is none of our ids, so that it can only be a client's. */
    public static Optional<UUID> ours(String id) {
        return OURS.matcher(id).matches() ? Optional.of(UUID.fromString(id)) : Optional.empty();
    }

    /** Inside a step: takes the row lock that orders everything in the thread; empty where the creator has none such. */
    public Optional<LockedThread> lock(UUID org, String creator, String idOrClientId) {
        return jdbi.withHandle(h -> h.createQuery("""
                        select thread_id, client_id, agent, next_turn, head_run from threads
                        where org_id = :org and creator = :creator
                          and (thread_id = cast(:ours as uuid) or client_id = :id)
                        order by thread_id = cast(:ours as uuid) desc nulls last limit 1
                        for update""")
                .bind("org", org)
                .bind("creator", creator)
                .bind("id", idOrClientId)
                .bind("ours", ours(idOrClientId).map(UUID::toString))
                .map((rs, _) -> new LockedThread(
                        rs.getObject("thread_id", UUID.class),
                        Optional.ofNullable(rs.getString("client_id")),
                        Optional.ofNullable(rs.getString("agent")),
                        rs.getLong("next_turn"),
                        Optional.ofNullable(rs.getObject("head_run", UUID.class))))
                .findOne());
    }

    /** Inside a step, after {@link #lock}: a waiting message says something else now. */
    public void edited(UUID thread) {
        jdbi.useHandle(h -> h.createUpdate("""
                        update threads set edits = edits + 1, changed_at = clock_timestamp() where thread_id = :id""").bind("id", thread).execute());
    }

    /** Inside a step, after {@link #lock}: the turn is taken, and a thread without a title gets one. */
    public void takeTurn(UUID thread, Optional<String> title, UUID head) {
        jdbi.useHandle(h -> h.createUpdate("""
                        update threads set next_turn = next_turn + 1, changed_at = clock_timestamp(),
                          title_from = coalesce(title_from, case when cast(:title as text) is not null then 'message' end),
                          title = coalesce(title, :title), head_run = :head where thread_id = :id""")
                .bind("id", thread)
                .bind("title", title)
                .bind("head", head)
                .execute());
    }
}
