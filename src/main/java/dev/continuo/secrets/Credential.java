package dev.continuo.secrets;

import java.util.Objects;

/** A secret in memory. It shows itself to nobody by accident: not in logs, not in JSON, not in an exception's text. */
public final class Credential {
    private final String text;

    public Credential(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException(
                    "A secret has at least one visible character. Send it, or leave it out.");
        }
        this.text = text;
    }

    /** For the one place that sends it. */
    public String reveal() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Credential c && c.text.equals(text);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(text);
    }

    @Override
    public String toString() {
        return "Credential[…]";
    }
}
