package dev.continuo.intake;

import dev.continuo.thread.StoredMessage;
import java.util.UUID;

/** What became of a change to a message. */
public sealed interface Edited {
    /** The message as its run will see it. */
    record Changed(UUID org, StoredMessage message) implements Edited {}

    /** Its run was claimed, or has ended: what was asked is asked. */
    record AlreadyStarted(UUID run) implements Edited {}

    /** One of its files is not the sender's, or of another thread, or was swept. */
    record UnknownFile() implements Edited {}

    /** No such message that this caller sent. */
    record UnknownMessage() implements Edited {}
}
