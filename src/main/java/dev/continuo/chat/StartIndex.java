package dev.continuo.chat;

import dev.continuo.web.Problem;
import java.util.Optional;

/** {@code ?startIndex=n}: the first chunk the client wants, counted from 0; negative counts from the last known one. */
record StartIndex(int value) {
    static Optional<StartIndex> parse(String text) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new StartIndex(Integer.parseInt(text)));
        } catch (NumberFormatException e) {
            throw Problem.of(
                            400,
                            "bad_value",
                            "startIndex is a whole number, the first chunk you want. Leave it out to "
                                    + "read from the start.")
                    .at("startIndex");
        }
    }

    /** How many chunks come before the first one wanted, where that many are known. */
    int after(int known) {
        return value >= 0 ? value : Math.max(0, known + value);
    }

    boolean countsFromTheTail() {
        return value < 0;
    }
}
