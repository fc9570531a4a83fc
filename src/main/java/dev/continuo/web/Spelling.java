package dev.continuo.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a request line and its header may be made of. Said here because JAX-RS would fail over it instead of refusing it, or
 * read a part of it for the whole. */
final class Spelling {
    private static final Pattern PATH = Pattern.compile("(?:[A-Za-z0-9._~!$&'()*+,=:@/-]|%[0-9A-Fa-f]{2})*");
    private static final Pattern QUERY = Pattern.compile("(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%(?!00)[0-9A-Fa-f]{2})*");
    private static final Pattern MEDIA_TYPE = Pattern.compile("\\s*[\\w!#$&^.+-]+/[\\w!#$&^.+-]+\\s*(?:;.*)?");

    private Spelling() {}

    static Optional<Problem> mistake(HttpServletRequest request) {
        return mistake(request.getRequestURI(), request.getQueryString(), request.getHeader("Content-Type"));
    }

    /** Query and type may be null. */
    static Optional<Problem> mistake(String path, String query, String type) {
        if (!PATH.matcher(path).matches()) {
            return Optional.of(
                    Problem.of(400, "bad_id", "The path holds characters that no id has. " + Ids.FORM_OF_AN_ID));
        }
        if (query != null && !QUERY.matcher(query).matches()) {
            return Optional.of(Problem.of(
                    400,
                    "bad_query",
                    "The query holds a NUL, or characters that must be encoded. Percent-encode its values as UTF-8."));
        }
        return type == null || MEDIA_TYPE.matcher(type).matches()
                ? Optional.empty()
                : Optional.of(FrameworkMapper.refusal(415));
    }
}
