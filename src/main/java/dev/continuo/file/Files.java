package dev.continuo.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.continuo.sql.SqlArray;
import dev.continuo.thread.Viewer;
import dev.continuo.web.Problem;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jdbi.v3.core.Jdbi;

/**
 * The rows of files. A file is its sender's alone until a message refers to it; then it is its thread's, and readable to
 * whoever may read that.
 */
@Singleton
public class Files {
    private final Jdbi jdbi;
    private final int unsent;
    private final long ofOrganisation;

    @Inject
    public Files(
            Jdbi jdbi,
            @ConfigProperty(name = "continuo.files.unsent-per-user") int unsent,
            @ConfigProperty(name = "continuo.files.organisation-bytes") long ofOrganisation) {
        this.jdbi = jdbi;
        this.unsent = atLeastOne("unsent-per-user", unsent);
        this.ofOrganisation = atLeastOne("organisation-bytes", ofOrganisation);
    }

    private static int atLeastOne(String knob, int value) {
        return (int) atLeastOne(knob, (long) value);
    }

    private static long atLeastOne(String knob, long value) {
        if (value < 1) {
            throw new IllegalArgumentException("continuo.files." + knob + " must be at least 1, it is " + value);
        }
        return value;
    }

    /** Keeps it; the same id again changes nothing. */
    public StoredFile keep(Viewer sender, Upload upload) {
        var stored = new StoredFile(upload.id(), upload.name(), upload.type(), upload.content().length);
        int rows = jdbi.withHandle(h -> h.createUpdate("""
                        insert into files (file_id, org_id, subject, name, media_type, size, content)
                        select :id, :org, :subject, :name, :media, :size, :content
                        where (select count(*) from files
                               where org_id = :org and subject = :subject and thread_id is null) < :unsent
                          and (select coalesce(sum(cast(size as bigint)), 0) from files where org_id = :org) + :size <= :most
                        on conflict (file_id) do nothing""")
                .bind("id", upload.id())
                .bindMethods(sender)
                .bind("name", upload.name())
                .bind("media", upload.type().media())
                .bind("size", upload.content().length)
                .bind("content", upload.content())
                .bind("unsent", unsent)
                .bind("most", ofOrganisation)
                .execute());
        if (rows == 0 && find(sender, upload.id()).isEmpty()) {
            throw full();
        }
        return stored;
    }

    private Problem full() {
        return Problem.of(
                409,
                "files_full",
                "You have " + unsent + " files that no message refers to, or your organisation's " + ofOrganisation
                        + " bytes are used up. Send messages with your files, or delete threads that have some.");
    }

    public Optional<StoredFile> find(Viewer viewer, UUID id) {
        return find(viewer, Set.of(id)).stream().findFirst();
    }

    private List<StoredFile> find(Viewer viewer, Collection<UUID> ids) {
        return jdbi.withHandle(h -> h.createQuery("""
                        select file_id, name, media_type, size from files
                        where file_id = any(:ids) and org_id = :org and (:all or subject = :subject)""")
                .bind("ids", SqlArray.uuids(ids))
                .bindMethods(viewer)
                .map((rs, _) -> row(rs))
                .list());
    }

    /** So many of its bytes from there on; empty where it is gone, or not the viewer's. */
    public Optional<byte[]> slice(Viewer viewer, UUID id, int from, int length) {
        return jdbi.withHandle(h -> h.createQuery("""
                        select substring(content from :from + 1 for :length) from files
                        where file_id = :id and org_id = :org and (:all or subject = :subject)""")
                .bind("id", id)
                .bindMethods(viewer)
                .bind("from", from)
                .bind("length", length)
                .mapTo(byte[].class)
                .findOne());
    }

    /**
     * A message's parts with what we know of its files ourselves, whatever their sender says of them.
     *
     * @throws Problem where one of them is nobody's, or somebody else's
     */
    public ArrayNode complete(Viewer sender, JsonNode parts, String field) {
        var ids = FileParts.in(parts);
        Map<UUID, StoredFile> known = ids.isEmpty()
                ? Map.of()
                : find(sender, ids).stream().collect(Collectors.toMap(StoredFile::id, Function.identity()));
        var complete = JsonNodeFactory.instance.arrayNode();
        for (var part : parts) {
            if (part.path("type").asText().equals("file")) {
                complete.add(FileParts.named(part.path("url").asText())
                        .map(known::get)
                        .orElseThrow(() -> unknown().at(field))
                        .part());
            } else {
                complete.add(part);
            }
        }
        return complete;
    }

    public static Problem unknown() {
        return Problem.of(
                404,
                "unknown_file",
                "You have no such file here: it is unknown, belongs to another thread, or was not sent within a day. "
                        + "POST it to /api/files again.");
    }

    /**
     * Inside a step, under the thread's lock: whether all of these are the sender's, and of no other thread. They cannot
     * be swept before the step ends.
     *
     * @param thread empty where it is to be made
     */
    public boolean areFree(Viewer sender, Optional<UUID> thread, Set<UUID> ids) {
        if (ids.isEmpty()) {
            return true;
        }
        return ids.size()
                == jdbi.withHandle(h -> h.createQuery("""
                        select file_id from files
                        where file_id = any(:ids) and org_id = :org and subject = :subject
                          and (thread_id is null or thread_id = cast(:thread as uuid))
                        order by file_id for update""")
                                .bind("ids", SqlArray.uuids(ids))
                                .bindMethods(sender)
                                .bind("thread", thread.map(UUID::toString))
                                .mapTo(UUID.class)
                                .list())
                        .size();
    }

    /** Inside a step, after {@link #areFree}: they go with this thread from now on. */
    public void attach(UUID thread, Set<UUID> ids) {
        if (!ids.isEmpty()) {
            jdbi.useHandle(h -> h.createUpdate(
                            "update files set thread_id = :thread where file_id = any(:ids) and thread_id is null")
                    .bind("thread", thread)
                    .bind("ids", SqlArray.uuids(ids))
                    .execute());
        }
    }

    /** Those of a thread among these, in no order. */
    public List<StoredFile> ofThread(UUID thread, Collection<UUID> ids) {
        return jdbi.withHandle(h -> h.createQuery("""
                        select file_id, name, media_type, size from files
                        where file_id = any(:ids) and thread_id = :thread""")
                .bind("ids", SqlArray.uuids(ids))
                .bind("thread", thread)
                .map((rs, _) -> row(rs))
                .list());
    }

    /** The bytes of those of a thread among these. */
    public Map<UUID, byte[]> bytesOf(UUID thread, Collection<UUID> ids) {
        record Row(UUID id, byte[] bytes) {}
        return jdbi
                .withHandle(h -> h.createQuery(
                                "select file_id, content from files where file_id = any(:ids) and thread_id = :thread")
                        .bind("ids", SqlArray.uuids(ids))
                        .bind("thread", thread)
                        .map((rs, _) -> new Row(rs.getObject("file_id", UUID.class), rs.getBytes("content")))
                        .list())
                .stream()
                .collect(Collectors.toMap(Row::id, Row::bytes));
    }

    private static StoredFile row(ResultSet rs) throws SQLException {
        return new StoredFile(
                rs.getObject("file_id", UUID.class),
                rs.getString("name"),
                FileType.stored(rs.getString("media_type")),
                rs.getInt("size"));
    }
}
