package dev.continuo.catalog;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How hard a tier's models are asked to think before they speak. */
public enum Thinking {
    /** Nothing is asked for; a model that thinks by itself still does. */
    OFF,
    LOW,
    MEDIUM,
    HIGH;

    String apiName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Thinking> named(String name) {
        return Stream.of(values()).filter(t -> t.apiName().equals(name)).findFirst();
    }

    static String names() {
        return Stream.of(values()).map(Thinking::apiName).collect(Collectors.joining(", "));
    }
}
