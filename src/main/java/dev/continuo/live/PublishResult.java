package dev.continuo.live;

/** What became of a publish. */
public sealed interface PublishResult {
    /** Stored, now or by an earlier attempt at the same message. */
    record Stored(long seq) implements PublishResult {}

    /**
     * Another message is the run's last one: perhaps another owner's, perhaps the stream was lost. Read
     * {@link LiveLog#last} to know.
     */
    record Refused() implements PublishResult {}

    /** Perhaps stored, perhaps not: resend it unchanged. */
    record Unavailable(String why) implements PublishResult {}
}
