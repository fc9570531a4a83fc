package dev.continuo.execution;

import dev.continuo.file.FileParts;
import dev.continuo.file.Files;
import dev.continuo.file.StoredFile;
import dev.continuo.model.Attachment;
import dev.continuo.thread.StoredMessage;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The files of a prompt. There is room for so many bytes; the last messages' files have it first, and of the others the
 * model is told the names. Nothing but rows decides which, so every node shows the same.
 */
@Singleton
public class Attachments {
    private final Files files;
    private final long room;

    @Inject
    public Attachments(Files files, @ConfigProperty(name = "continuo.files.prompt-bytes") long room) {
        if (room < 1) {
            throw new IllegalArgumentException("continuo.files.prompt-bytes must be at least 1, it is " + room);
        }
        this.files = files;
        this.room = room;
    }

    /**
     * Which files are shown and which are only named; their bytes are read later.
     *
     * @param known all files of the messages, without those that are gone
     */
    record Chosen(UUID thread, Map<UUID, StoredFile> known, Set<UUID> shown) {
        long bytes() {
            return shown.stream().mapToLong(id -> known.get(id).size()).sum();
        }
    }

    /** Of these messages, all of one thread. */
    Chosen choose(UUID thread, List<StoredMessage> messages) {
        var ids = new LinkedHashSet<UUID>();
        messages.reversed().stream()
                .filter(m -> m.role().equals("user"))
                .forEach(m -> ids.addAll(FileParts.in(m.parts())));
        if (ids.isEmpty()) {
            return new Chosen(thread, Map.of(), Set.of());
        }
        var known = files.ofThread(thread, ids).stream().collect(Collectors.toMap(StoredFile::id, Function.identity()));
        var shown = new HashSet<UUID>();
        long left = room;
        for (var id : ids) {
            var file = known.get(id);
            if (file != null && file.size() <= left) {
                left -= file.size();
                shown.add(id);
            }
        }
        return new Chosen(thread, known, shown);
    }

    /** What each of them is to a model. */
    Map<UUID, Attachment> of(Chosen chosen) {
        if (chosen.known().isEmpty()) {
            return Map.of();
        }
        var bytes = files.bytesOf(chosen.thread(), chosen.shown());
        var all = new HashMap<UUID, Attachment>();
        chosen.known()
                .forEach((id, file) -> all.put(id, bytes.containsKey(id) ? shown(file, bytes.get(id)) : left(file)));
        return Map.copyOf(all);
    }

    private static Attachment shown(StoredFile file, byte[] bytes) {
        return switch (file.type().shape()) {
            case IMAGE ->
                new Attachment.Image(file.type().media(), Base64.getEncoder().encodeToString(bytes));
            case PDF -> new Attachment.Pdf(file.name(), Base64.getEncoder().encodeToString(bytes));
            case TEXT ->
                new Attachment.Text(file.name(), file.type().media(), new String(bytes, StandardCharsets.UTF_8));
        };
    }

    private static Attachment left(StoredFile file) {
        return new Attachment.Left(file.name(), file.type().media());
    }
}
