package dev.continuo.thread;

import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.statement.SqlStatement;

/** A place in a list that is ordered by time, then id; microseconds, as PostgreSQL has them. */
public record TimeCursor(Instant at, UUID id) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,18})_([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})");

    /** Empty where the text is no cursor of ours: the list then starts at its beginning. */
    public static Optional<TimeCursor> parse(String text) {
        var m = FORM.matcher(text);
        return m.matches()
                ? Optional.of(new TimeCursor(
                        Instant.EPOCH.plus(Long.parseLong(m.group(1)), ChronoUnit.MICROS), UUID.fromString(m.group(2))))
                : Optional.empty();
    }

    /** As {@code :at} and {@code :after}, null where there is none. */
    public static <S extends SqlStatement<S>> S bind(S statement, Optional<TimeCursor> cursor) {
        return cursor.map(
                        c -> statement.bind("at", c.at.atOffset(ZoneOffset.UTC)).bind("after", c.id))
                .orElseGet(() ->
                        statement.bindNull("at", Types.TIMESTAMP_WITH_TIMEZONE).bindNull("after", Types.OTHER));
    }

    @Override
    public String toString() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, at) + "_" + id;
    }
}
