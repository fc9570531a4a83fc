package dev.continuo.thread;

import static java.util.stream.Collectors.joining;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a list of threads is narrowed to; what is empty narrows nothing.
 *
 * @param text a part of the title, or beginnings of words that all occur in one message; in any case
 * @param state the API's word for a run's state
 */
public record ThreadFilter(Optional<String> text, Optional<String> state, Optional<String> agent, Shelf shelf) {
    public enum Shelf {
        CURRENT,
        ARCHIVED
    }

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");

    /** The text as a query of PostgreSQL's full text search: the beginnings of all its words; empty where it has none. */
    Optional<String> words() {
        return text.map(t -> WORD.matcher(t)
                        .results()
                        .map(w -> "'" + w.group() + "':*")
                        .collect(joining(" & ")))
                .filter(query -> !query.isEmpty());
    }

    public static ThreadFilter none() {
        return new ThreadFilter(Optional.empty(), Optional.empty(), Optional.empty(), Shelf.CURRENT);
    }
}
