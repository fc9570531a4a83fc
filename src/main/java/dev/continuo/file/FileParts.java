package dev.continuo.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** The parts of a message that are files. They name them by a path of ours, so that nothing is ever fetched from elsewhere. */
public final class FileParts {
    static final String URL = "/api/files/";

    private static final Pattern OURS =
            Pattern.compile(Pattern.quote(URL) + "([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})");

    private FileParts() {}

    /** The file that a URL names; empty where it is not one of ours. */
    public static Optional<UUID> named(String url) {
        var ours = OURS.matcher(url);
        return ours.matches() ? Optional.of(UUID.fromString(ours.group(1))) : Optional.empty();
    }

    public static String url(UUID file) {
        return URL + file;
    }

    /** In their order, each once. */
    public static Set<UUID> in(JsonNode parts) {
        var ids = new LinkedHashSet<UUID>();
        for (var part : parts) {
            if (part.path("type").asText().equals("file")) {
                named(part.path("url").asText()).ifPresent(ids::add);
            }
        }
        return ids;
    }
}
