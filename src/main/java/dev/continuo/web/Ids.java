package dev.continuo.web;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** What an id from outside may look like. Nothing else gets past the edge, so nothing else reaches SQL or a subject. */
public final class Ids {
    static final String FORM_OF_AN_ID =
            "An id has 1 to 128 characters out of A-Z, a-z, 0-9, '_' and '-'. Use such an id.";

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{1,128}");
    private static final Pattern OURS = Pattern.compile("[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}");

    private Ids() {}

    public static String checked(String id) {
        if (id == null || !FORM.matcher(id).matches()) {
            throw Problem.of(400, "bad_id", FORM_OF_AN_ID);
        }
        return id;
    }

    /** The id as one of our UUIDs; empty where it is a well-formed id of somebody else's making. */
    public static Optional<UUID> ours(String id) {
        return OURS.matcher(checked(id)).matches() ? Optional.of(UUID.fromString(id)) : Optional.empty();
    }
}
