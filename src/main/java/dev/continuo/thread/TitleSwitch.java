package dev.continuo.thread;

import java.util.Arrays;

/** Whether a model is asked for the title of a thread that has none of a person's. */
public enum TitleSwitch {
    ON,
    OFF;

    /** For MicroProfile Config. */
    public static TitleSwitch of(String word) {
        return Arrays.stream(values())
                .filter(s -> s.name().equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("continuo.titles must be on or off, it is '" + word + "'"));
    }
}
