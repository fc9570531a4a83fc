package dev.continuo.model;

import java.util.Locale;

/** How hard a model is asked to think before it speaks; {@link Thinking} says it in each provider's words. */
public enum Effort {
    LOW,
    MEDIUM,
    HIGH;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
