package dev.continuo.catalog;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whose API a provider speaks. */
public enum Kind {
    OPENAI("https://api.openai.com/v1"),
    ANTHROPIC("https://api.anthropic.com/v1"),
    GEMINI("https://generativelanguage.googleapis.com/v1beta"),
    MISTRAL("https://api.mistral.ai/v1");

    private final String home;

    Kind(String home) {
        this.home = home;
    }

    /** Where it is where nothing else is said. */
    String home() {
        return home;
    }

    /** Whether its API has a word for how hard a model is to think, as far as we speak it. */
    boolean canBeAskedToThink() {
        return this != MISTRAL;
    }

    /** What of {@code wished} is asked for. */
    Thinking asked(Thinking wished) {
        return canBeAskedToThink() ? wished : Thinking.OFF;
    }

    String apiName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Kind> named(String name) {
        return Stream.of(values()).filter(k -> k.apiName().equals(name)).findFirst();
    }

    static String names() {
        return Stream.of(values()).map(Kind::apiName).collect(Collectors.joining(", "));
    }
}
