package dev.continuo.attach;

import java.util.Optional;

/** Where a client says it is. */
final class LastEvent {
    private LastEvent() {}

    /** What a reconnecting browser says by itself is newer than what stands in its URL. */
    static Optional<String> of(String header, String query) {
        return Optional.ofNullable(header == null || header.isBlank() ? query : header)
                .filter(text -> !text.isBlank());
    }
}
