package dev.continuo.web;

import java.time.Duration;

/**
 * How much one caller may ask for; each has its reason in microprofile-config.properties. Sizes are in bytes, rates per
 * second. {@link #off()} is for measurements: what protects memory stays, what counts requests goes.
 */
public record Limits(
        int bodyBytes,
        int chatBodyBytes,
        int messageChars,
        int fileBytes,
        int filesPerMessage,
        int eventBytes,
        int outputBytes,
        int queuePerThread,
        int queuePerOrganisation,
        int streamsPerUser,
        int streamsPerOrganisation,
        Duration streamLife,
        Rate perUser,
        Rate perOrganisation,
        Rate failuresPerAddress) {

    /** What a count that nothing limits may reach: then nobody counts. */
    public static final int NO_CAP = Integer.MAX_VALUE;

    /** A token bucket: {@code burst} at once, refilled at {@code perSecond}. */
    public record Rate(double perSecond, int burst) {
        public Rate {
            if (!(perSecond > 0) || burst < 1) {
                throw new IllegalArgumentException("a rate needs more than 0 per second and a burst of at least 1: "
                        + perSecond + " per second, burst " + burst);
            }
        }
    }

    public Limits {
        positive("body-bytes", bodyBytes);
        positive("chat-body-bytes", chatBodyBytes);
        positive("message-chars", messageChars);
        positive("file-bytes", fileBytes);
        positive("files-per-message", filesPerMessage);
        positive("event-bytes", eventBytes);
        positive("output-bytes", outputBytes);
        positive("queue-per-thread", queuePerThread);
        positive("queue-per-organisation", queuePerOrganisation);
        positive("streams-per-user", streamsPerUser);
        positive("streams-per-organisation", streamsPerOrganisation);
        if (!streamLife.isPositive()) {
            throw new IllegalArgumentException("continuo.limits.stream-life must be a duration such as PT30M");
        }
    }

    public static Limits defaults() {
        return new Limits(
                256 * 1024,
                8 * 1024 * 1024,
                64 * 1024,
                8 * 1024 * 1024,
                10,
                256 * 1024,
                2 * 1024 * 1024,
                20,
                1_000,
                20,
                5_000,
                Duration.ofMinutes(30),
                new Rate(50, 200),
                new Rate(500, 2_000),
                new Rate(0.5, 30));
    }

    /** The same without caps on how often and how many. */
    public Limits off() {
        var free = new Rate(1_000_000, 1_000_000);
        return new Limits(
                bodyBytes,
                chatBodyBytes,
                messageChars,
                fileBytes,
                filesPerMessage,
                eventBytes,
                outputBytes,
                NO_CAP,
                NO_CAP,
                NO_CAP,
                NO_CAP,
                streamLife,
                free,
                free,
                failuresPerAddress);
    }

    private static void positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("continuo.limits." + name + " must be at least 1, it is " + value);
        }
    }
}
