package dev.continuo.web;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A refusal that the caller is told about: a status, a stable code, and a sentence that says what to do. The detail is
 * shown as it is, so it never holds what another caller or the inside of this server must keep to itself.
 */
public final class Problem extends RuntimeException {
    private final int status;
    private final String code;
    private final Optional<String> field;
    private final Optional<Duration> retryAfter;

    private Problem(int status, String code, String detail, Optional<String> field, Optional<Duration> retryAfter) {
        super(Objects.requireNonNull(detail), null, false, false);
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("a problem has a status of 400 to 599: " + status);
        }
        this.status = status;
        this.code = Objects.requireNonNull(code);
        this.field = field;
        this.retryAfter = retryAfter;
    }

    public static Problem of(int status, String code, String detail) {
        return new Problem(status, code, detail, Optional.empty(), Optional.empty());
    }

    /** PostgreSQL is away, or the outcome of a commit is unknown. */
    public static Problem unavailable() {
        return of(
                        503,
                        "database_unavailable",
                        "The database cannot be reached right now. Retry with the same key: if the first attempt "
                                + "went through, you get its result.")
                .retryAfter(Duration.ofSeconds(1));
    }

    /** The same, naming the field of the body it is about. */
    public Problem at(String path) {
        return new Problem(status, code, getMessage(), Optional.of(path), retryAfter);
    }

    public Problem retryAfter(Duration wait) {
        return new Problem(status, code, getMessage(), field, Optional.of(wait));
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    public String detail() {
        return getMessage();
    }

    public Optional<String> field() {
        return field;
    }

    /** What Retry-After says: whole seconds, rounded up, at least one. */
    public Optional<Long> retryAfterSeconds() {
        return retryAfter.map(d -> Math.max(1, (d.toMillis() + 999) / 1000));
    }

    /** The members of the problem document in their order. */
    Map<String, Object> members() {
        var members = new LinkedHashMap<String, Object>();
        members.put("type", "about:blank");
        members.put("title", Reasons.of(status));
        members.put("status", status);
        members.put("code", code);
        members.put("detail", getMessage());
        field.ifPresent(path -> members.put("field", path));
        return members;
    }
}
