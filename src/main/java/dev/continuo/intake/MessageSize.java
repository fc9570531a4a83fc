package dev.continuo.intake;

import dev.continuo.web.Limits;
import dev.continuo.web.Problem;

/** How much a message is, counted part by part. */
public final class MessageSize {
    private long characters;
    private int files;
    private boolean blank = true;

    public void text(String text) {
        characters += text.codePointCount(0, text.length());
        blank &= text.isBlank();
    }

    public void file() {
        files++;
    }

    /**
     * @param at the field of the request that a refusal names
     * @throws Problem 400 {@code empty_message}, {@code too_many_files} or {@code message_too_long}
     */
    public void check(Limits limits, String at) {
        if (blank && files == 0) {
            throw Problem.of(400, "empty_message", "The message has no text. Send at least one character.")
                    .at(at);
        }
        if (files > limits.filesPerMessage()) {
            throw Problem.of(
                            400,
                            "too_many_files",
                            "The message has " + files + " files, " + limits.filesPerMessage()
                                    + " are the limit. Send it as several.")
                    .at(at);
        }
        if (characters > limits.messageChars()) {
            throw Problem.of(
                            400,
                            "message_too_long",
                            "The message has " + characters + " characters, " + limits.messageChars()
                                    + " are the limit. Shorten it, or send it as several.")
                    .at(at);
        }
    }
}
