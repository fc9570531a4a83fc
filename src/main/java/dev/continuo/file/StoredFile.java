package dev.continuo.file;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;
import java.util.UUID;

/** A file without its bytes. */
public record StoredFile(UUID id, String name, FileType type, int size) {
    public StoredFile {
        Objects.requireNonNull(id);
        Objects.requireNonNull(name);
        Objects.requireNonNull(type);
    }

    public String url() {
        return FileParts.url(id);
    }

    /** As a part of a UIMessage. */
    public ObjectNode part() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "file")
                .put("mediaType", type.media())
                .put("filename", name)
                .put("url", url());
    }
}
