package dev.continuo.thread;

import java.util.Optional;

/**
 * What a list of threads is narrowed to; what is empty narrows nothing.
 *
 * @param text a part of the title, in any case
 * @param state the API's word for a run's state
 */
public record ThreadFilter(Optional<String> text, Optional<String> state, Optional<String> agent, Shelf shelf) {
    public enum Shelf {
        CURRENT,
        ARCHIVED
    }

    public static ThreadFilter none() {
        return new ThreadFilter(Optional.empty(), Optional.empty(), Optional.empty(), Shelf.CURRENT);
    }
}
