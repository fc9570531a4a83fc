package dev.continuo.thread;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A part of a list and the opaque cursor of the next part, if there is one. */
public record Page<T>(List<T> items, Optional<String> next) {
    public Page {
        items = List.copyOf(items);
    }

    /** From a query that asked for one row more than {@code limit}. */
    public static <T> Page<T> of(List<T> rows, int limit, Function<T, String> cursor) {
        if (rows.size() <= limit) {
            return new Page<>(rows, Optional.empty());
        }
        var items = rows.subList(0, limit);
        return new Page<>(items, Optional.of(cursor.apply(items.getLast())));
    }
}
