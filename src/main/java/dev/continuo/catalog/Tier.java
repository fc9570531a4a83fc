package dev.continuo.catalog;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** A kind of model, which one that is for an organisation, and how hard it and the fallback are asked to think. */
record Tier(Name name, Model model, Optional<Model> fallback, Thinking thinking) {
    /** What a message asks for. */
    enum Name {
        FAST,
        SMART,
        THINKING;

        /** Whose model answers where nothing was asked for. */
        static final List<Name> BY_PREFERENCE = List.of(SMART, FAST, THINKING);

        /** Where nothing is said of it. */
        Thinking usualThinking() {
            return this == THINKING ? Thinking.MEDIUM : Thinking.OFF;
        }

        String apiName() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Name> named(String name) {
            return Stream.of(values()).filter(t -> t.apiName().equals(name)).findFirst();
        }
    }

    record Model(UUID provider, String name) {}
}
