package dev.continuo.thread;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.json.Mappers;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The entries of the threads, in the order of their turns. */
@Singleton
public class Messages {
    private static final Pattern CURSOR = Pattern.compile("([0-9]{1,18})\\.([01])");

    /** From the run that is put in up to the root of its branch, with what was sent and answered on the way. */
    private static final String PATH = """
            with recursive path as (
              %s
              union all
              select p.run_id, p.parent_run, p.message_id, p.turn, p.state, p.ready_at
              from path c join runs p on p.run_id = c.parent_run)
            select m.message_id, m.client_msg_id, m.thread_id, path.turn, m.ord, m.role, m.parts, m.metadata, path.run_id,
              m.complete, m.created_at
            from (select *, state = 'CANCELLED' and ready_at is null as removed from path) path
            cross join lateral (
              select * from messages s where s.message_id = path.message_id
              union all
              select * from messages a where a.run_id = path.run_id and a.ord = 1) m
            """;

    private final Jdbi jdbi;

    @Inject
    public Messages(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** The last {@code limit} ones of the active branch before the cursor, oldest first; {@code next} leads to older ones. */
    public Page<StoredMessage> list(Viewer viewer, UUID thread, Optional<String> before, int limit) {
        return list(viewer, thread, Optional.empty(), before, limit);
    }

    /** The same of the branch that ends with this run. */
    public Page<StoredMessage> list(
            Viewer viewer, UUID thread, Optional<UUID> leaf, Optional<String> before, int limit) {
        var at = before.map(CURSOR::matcher).filter(m -> m.matches());
        var rows = jdbi.withHandle(h -> h.createQuery(PATH.formatted("""
                        select r.run_id, r.parent_run, r.message_id, r.turn, r.state, r.ready_at
                        from threads t join runs r on r.run_id = coalesce(cast(:leaf as uuid), t.head_run)
                        where t.thread_id = :thread and r.thread_id = :thread
                          and t.org_id = :org and (:all or t.creator = :subject)""") + """
                        where (path.turn, m.ord) < (:turn, :ord) and not path.removed
                        order by path.turn desc, m.ord desc limit :limit + 1""")
                .bind("thread", thread)
                .bind("leaf", leaf)
                .bindMethods(viewer)
                .bind("turn", at.map(m -> Long.parseLong(m.group(1))).orElse(Long.MAX_VALUE))
                .bind("ord", at.map(m -> Integer.parseInt(m.group(2))).orElse(0))
                .bind("limit", limit)
                .map((rs, _) -> row(rs))
                .list());
        var page = Page.of(rows, limit, m -> m.turn() + "." + m.ord());
        return new Page<>(page.items().reversed(), page.next());
    }

    /** What a run answers to: its branch up to the message of its own, without what was removed from the queue; of all that the
     * {@code last} ones. */
    public List<StoredMessage> promptOf(UUID thread, long turn, OptionalInt last) {
        return jdbi.withHandle(h -> h.createQuery("select * from (" + PATH.formatted("""
                        select r.run_id, r.parent_run, r.message_id, r.turn, r.state, r.ready_at
                        from runs r where r.thread_id = :thread and r.turn = :turn""") + """
                        where (path.turn < :turn or m.ord = 0) and not path.removed
                        order by path.turn desc, m.ord desc limit cast(:last as int)) m
                        order by turn, ord""")
                .bind("thread", thread)
                .bind("turn", turn)
                .bind("last", last.isPresent() ? last.getAsInt() : null)
                .map((rs, _) -> row(rs))
                .list());
    }

    /** Where a thread branches: the runs that continue the same run as another one does, in order. */
    public List<Fork> forks(UUID thread) {
        return jdbi.withHandle(h -> h.createQuery("""
                        select r.run_id, r.parent_run, r.message_id,
                          coalesce(m.client_msg_id, cast(m.message_id as text)) as message_shown, a.message_id as answer
                        from (select *, count(*) over (partition by parent_run) as n from runs
                              where thread_id = :thread and not (state = 'CANCELLED' and ready_at is null)) r
                        join messages m on m.message_id = r.message_id
                        left join messages a on a.message_id = r.answer_id
                        where r.n > 1 order by r.turn""")
                .bind("thread", thread)
                .map((rs, _) -> new Fork(
                        rs.getObject("run_id", UUID.class),
                        Optional.ofNullable(rs.getObject("parent_run", UUID.class)),
                        rs.getObject("message_id", UUID.class),
                        rs.getString("message_shown"),
                        Optional.ofNullable(rs.getObject("answer", UUID.class))))
                .list());
    }

    /**
     * A run that has siblings.
     *
     * @param message what it answers, and how clients know that
     * @param answer what it said, if anything
     */
    public record Fork(UUID run, Optional<UUID> parent, UUID message, String messageShown, Optional<UUID> answer) {}

    /** The last run of the newest branch that goes through the run of this answer, or of this message. */
    public Optional<UUID> leafThrough(UUID thread, String answerOrMessage) {
        var ours = Threads.ours(answerOrMessage);
        return jdbi.withHandle(h -> {
            var through = new HashSet<UUID>();
            UUID leaf = null;
            for (Node node : nodes(h, thread)) {
                boolean named = ours.filter(id -> id.equals(node.answer())).isPresent()
                        || ours.filter(id -> id.equals(node.message())).isPresent()
                        || answerOrMessage.equals(node.clientId());
                if (named || node.parent() != null && through.contains(node.parent())) {
                    through.add(node.run());
                    leaf = node.run();
                }
            }
            return Optional.ofNullable(leaf);
        });
    }

    private record Node(UUID run, UUID parent, UUID answer, UUID message, String clientId) {}

    /** A run comes after the one that it continues. */
    private static List<Node> nodes(Handle h, UUID thread) {
        return h.createQuery("""
                        select r.run_id, r.parent_run, r.answer_id, r.message_id, m.client_msg_id
                        from runs r join messages m on m.message_id = r.message_id
                        where r.thread_id = :thread order by r.turn""")
                .bind("thread", thread)
                .map((rs, _) -> new Node(
                        rs.getObject("run_id", UUID.class),
                        rs.getObject("parent_run", UUID.class),
                        rs.getObject("answer_id", UUID.class),
                        rs.getObject("message_id", UUID.class),
                        rs.getString("client_msg_id")))
                .list();
    }

    /** The message that was sent, and the answer where there is one. */
    public List<StoredMessage> ofRun(UUID run) {
        return jdbi.withHandle(
                h -> h.createQuery("""
                        select m.message_id, m.client_msg_id, m.thread_id, r.turn, m.ord, m.role, m.parts, m.metadata,
                          r.run_id, m.complete, m.created_at
                        from runs r
                        join messages m on m.message_id = r.message_id or m.message_id = r.answer_id
                        where r.run_id = :run order by m.ord""").bind("run", run).map((rs, _) -> row(rs)).list());
    }

    public Optional<StoredMessage> answerOf(UUID run) {
        return ofRun(run).stream().filter(m -> m.ord() == StoredMessage.ANSWER).findFirst();
    }

    /** By our id or by the client's, ours first. */
    public Optional<StoredMessage> find(Viewer viewer, UUID thread, String idOrClientId) {
        return jdbi.withHandle(h -> h.createQuery("""
                        select m.* from messages m join threads t using (thread_id)
                        where thread_id = :thread and t.org_id = :org and (:all or t.creator = :subject)
                          and (m.message_id = cast(:ours as uuid) or m.client_msg_id = :id)
                        order by m.message_id = cast(:ours as uuid) desc nulls last limit 1""")
                .bind("thread", thread)
                .bindMethods(viewer)
                .bind("id", idOrClientId)
                .bind("ours", Threads.ours(idOrClientId).map(UUID::toString))
                .map((rs, _) -> row(rs))
                .findOne());
    }

    /** Inside a step, under the thread's lock: what was sent with this key before, and the hash of its body. */
    public Optional<Sent> sent(UUID thread, String key) {
        return jdbi.withHandle(h -> h.createQuery("""
                        select message_id, run_id, body_sha256 from messages
                        where thread_id = :thread and client_msg_id = :key""")
                .bind("thread", thread)
                .bind("key", key)
                .map((rs, _) -> new Sent(
                        rs.getObject("message_id", UUID.class),
                        rs.getObject("run_id", UUID.class),
                        rs.getBytes("body_sha256")))
                .findOne());
    }

    public record Sent(UUID message, UUID run, byte[] bodyHash) {}

    /** Inside a step, under the thread's lock. */
    public void store(NewMessage message) {
        jdbi.useHandle(h -> h.createUpdate("""
                        insert into messages (message_id, thread_id, turn, ord, role, parts, metadata, client_msg_id,
                          body_sha256, run_id, complete)
                        values (:id, :thread, :turn, :ord, :role, cast(:parts as jsonb), cast(:metadata as jsonb),
                          :clientId, :hash, :run, :complete)""")
                .bind("id", message.id())
                .bind("thread", message.thread())
                .bind("turn", message.turn())
                .bind("ord", message.ord())
                .bind("role", message.role())
                .bind("parts", message.parts().toString())
                .bind("metadata", message.metadata().map(JsonNode::toString))
                .bind("clientId", message.clientId())
                .bind("hash", message.bodyHash().orElse(null))
                .bind("run", message.run())
                .bind("complete", message.extent() == NewMessage.Extent.COMPLETE)
                .execute());
    }

    /** Inside a step, under the thread's lock: another message has this key from now on. */
    public void giveUpKey(UUID message) {
        jdbi.useHandle(h -> h.createUpdate("update messages set client_msg_id = null where message_id = :id")
                .bind("id", message)
                .execute());
    }

    /** Inside a step, under the thread's lock. A repeat is recognised by the new words from now on. */
    public void rewrite(UUID message, JsonNode parts, byte[] bodyHash) {
        jdbi.useHandle(h -> h.createUpdate(
                        "update messages set parts = cast(:parts as jsonb), body_sha256 = :hash where message_id = :id")
                .bind("id", message)
                .bind("parts", parts.toString())
                .bind("hash", bodyHash)
                .execute());
    }

    /** Inside a step, under the thread's lock: what was sent at this turn and later, none of it answered, moves up by one. */
    public void makeRoom(UUID thread, long turn) {
        jdbi.useHandle(h -> {
            h.createUpdate("update messages set turn = -turn where thread_id = :thread and turn >= :turn")
                    .bind("thread", thread)
                    .bind("turn", turn)
                    .execute();
            h.createUpdate("update messages set turn = 1 - turn where thread_id = :thread and turn < 0")
                    .bind("thread", thread)
                    .execute();
        });
    }

    private static StoredMessage row(ResultSet rs) throws SQLException {
        return new StoredMessage(
                rs.getObject("message_id", UUID.class),
                Optional.ofNullable(rs.getString("client_msg_id")),
                rs.getObject("thread_id", UUID.class),
                rs.getLong("turn"),
                rs.getInt("ord"),
                rs.getString("role"),
                Mappers.tree(rs.getString("parts")),
                Optional.ofNullable(rs.getString("metadata")).map(Mappers::tree),
                rs.getObject("run_id", UUID.class),
                rs.getBoolean("complete"),
                rs.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
